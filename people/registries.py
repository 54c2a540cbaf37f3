"""Places where the rooms above hang themselves into people."""

from typing import Any

account_panels: list[type[Any]] = []
"""Admin inlines shown on an account's page, in order of registration."""
