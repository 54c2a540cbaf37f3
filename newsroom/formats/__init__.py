"""How dates and times are written where a screen leaves it to Django."""
