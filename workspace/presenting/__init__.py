"""Tickets in the words and groups in which the workspace shows them."""
