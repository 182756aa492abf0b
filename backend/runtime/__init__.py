"""The embedded runtime: a trial's own PostgreSQL, Valkey and mail sink, and the processes of `make run`.

It supervises; it never imports Django (preparation and the worker's ping run in children of their own), so that
it starts at once and a broken settings module cannot keep it from ending what it started. See docs/adr/0005.
"""
