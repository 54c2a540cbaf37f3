"""A score learnt on this newsroom's own decisions: no database, no word lists, one small state."""
