"""The domain: concerns, tickets, placements, and the one lifecycle they share."""
