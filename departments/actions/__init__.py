"""The only writers of the organisation."""
