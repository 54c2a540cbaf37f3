"""What is misconfigured, slow, missing or behind, in words, with what to do about it: ``manage.py doctor``."""
