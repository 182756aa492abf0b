"""People who sign in: users, the references events know them by, and API keys."""
