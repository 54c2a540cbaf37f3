"""Screens about accounts beside Django's form: a colleague's access, their leaving, invitations."""
