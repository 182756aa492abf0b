"""Who is told of what, in which words. An action announces its event; the post office asks here for the letters."""

from concerns.notices.announcing import announce
from concerns.notices.occasions import TOPIC

__all__ = ["TOPIC", "announce"]
