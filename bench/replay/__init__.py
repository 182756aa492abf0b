"""Real reports filed once more through the public door, as a citizen's app would: `manage.py replay`."""
