"""Views of the portal: each parses, makes one call, and answers."""
