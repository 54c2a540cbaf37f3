"""Backups: the database as it stood at one instant, and every picture, with the checksum of each file."""
