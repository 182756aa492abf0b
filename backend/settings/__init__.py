"""Settings: a thin base, one file per concern, and one module per kind of installation."""
