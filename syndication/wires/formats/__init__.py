"""What agencies and feeds are written in, each read into the same items."""
