"""Time: later changes to live articles, plans and their calendar, and what is late."""
