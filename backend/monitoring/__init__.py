"""What those who run an installation see of it: whether it lives, whether it is ready, and figures of its work."""
