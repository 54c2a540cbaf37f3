"""The demo newsroom: an invented city's paper, the same for the demo, the tests and the docs' pictures."""
