"""The cache of a CDN or a Varnish in front of the site, and how it hears of changes."""
