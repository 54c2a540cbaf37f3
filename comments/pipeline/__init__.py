"""What happens to a comment between its form and the moderators: steps, what each found, and what follows."""
