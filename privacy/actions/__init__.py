"""What empties and what brings back: the only writers of this app."""
