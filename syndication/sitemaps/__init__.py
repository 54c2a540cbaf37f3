"""What search engines are told of the site."""
