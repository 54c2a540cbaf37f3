"""Wires in: what agencies send is read, matched and put before the desk."""
