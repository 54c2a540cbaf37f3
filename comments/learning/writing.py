"""What is scored: a comment's words and what its writer said of themselves."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Writing:
    """A comment as it was written. Of the e-mail address only the domain."""

    text: str
    name: str = ""
    website: str = ""
    email_domain: str = ""


def domain_of(email: str) -> str:
    """The part after the last ``@``, in small letters; empty where there is none."""
    return email.rpartition("@")[2].lower() if "@" in email else ""
