"""What a newsroom is measured beside, and how."""
