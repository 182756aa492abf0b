"""Why a replay cannot go on, in words for whoever started it."""


class CannotReplay(Exception):
    """The file, the city or the instance is not what the replay needs."""
