"""What ends a run early. Each message is for the person at the terminal and says what to do next."""


class RefusedError(Exception):
    """The run cannot start or go on as asked; nothing is broken."""


class ChildDiedError(Exception):
    """A process of ours ended although nobody asked it to."""


class StopRequestedError(Exception):
    """Somebody asked the supervisor to end while it was still starting."""
