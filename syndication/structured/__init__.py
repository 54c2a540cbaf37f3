"""What pages say of themselves to search engines: JSON-LD in the vocabulary of schema.org."""
