"""Figures for Prometheus: counted in each process, added up over all, and read from the database."""
