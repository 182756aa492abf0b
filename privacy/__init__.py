"""Retention, erasure and access export, driven by what each model declares."""
