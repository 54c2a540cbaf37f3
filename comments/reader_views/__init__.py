"""The private pages of readers: receipts, mail, reports, and all that belongs to an address."""
