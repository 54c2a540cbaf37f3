"""From one database to another: every row, compared by counts and checksums before anything is kept."""
