"""Django's PostgreSQL, on connections that wait no longer than the request they serve: see ``newsroom.patience``."""
