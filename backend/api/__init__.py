"""The REST root: what all of /api/ shares — strict JSON, problems, throttles, pages, the description."""
