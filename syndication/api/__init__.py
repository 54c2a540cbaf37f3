"""The API under ``/api/v1/``: what readers see, and drafts for staff with a token.

Public addresses never look at who asks, so that the page cache may keep what
they answer; addresses under ``desk/`` take a token and nothing else.
"""
