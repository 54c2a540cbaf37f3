"""Previews: the reader's page of any revision, for colleagues, and through a link for people outside."""
