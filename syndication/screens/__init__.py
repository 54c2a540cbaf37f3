"""The desk's screens for what comes in."""
