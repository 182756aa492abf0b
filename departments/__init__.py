"""The organisation: the tree of departments, memberships with capabilities, calendars."""
