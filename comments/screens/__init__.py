"""Screens of the comments' desk beside the queue."""
