"""What shops deliver: price lists and feeds, read without trust, rehearsed, then applied as one."""
