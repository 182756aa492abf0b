"""The only writers of accounts and their keys."""
