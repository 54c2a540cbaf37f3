"""The site's history: who did what to which object, to be read, searched and taken away as a file."""
