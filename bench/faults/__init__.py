"""Kills every process of an installation while people file, and counts what was promised and kept; see `make faults`.

It owns all it kills: PostgreSQL, Valkey, mail sink, web, worker and beat under a folder of its own.
"""
