"""Mails to readers, and the addresses in them."""

from django.urls import reverse

from outbox.letters import Letter, absolute, one_line, quoted, send

__all__ = ["Letter", "absolute", "link", "one_line", "quoted", "send"]


def link(name: str, *args: object) -> str:
    """The whole address of one of the comments' pages."""
    return absolute(reverse(f"comments:{name}", args=args))
