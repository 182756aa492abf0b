"""Views of the workspace: each parses, makes one call, and answers."""
