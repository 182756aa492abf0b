"""The pages of clerks, dispatchers and managers."""
