"""The readers. Fetching a ticket and asking whether this person may see it are one call."""
