"""The desk at which an editor works on one list."""
