"""The moderators' screens beside the queue."""
