"""Figures: facts and rollups derived from events, exports, open data."""
