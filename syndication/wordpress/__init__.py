"""Moving in from WordPress: its export file (WXR 1.0 to 1.2) becomes articles, comments, picks and redirects."""
