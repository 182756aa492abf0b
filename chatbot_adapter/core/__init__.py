"""The conversation in plain Python; it imports no Django."""
