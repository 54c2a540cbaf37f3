"""Screens about many lists: health, where an article stands, what a list showed, exclusions, campaigns."""
