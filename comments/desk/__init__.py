"""The desk at which moderators decide about comments."""
