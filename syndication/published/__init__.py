"""Stories handed on in feeds and in ninjs."""
