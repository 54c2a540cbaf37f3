"""For management commands that act in somebody's name."""

from django.core.management.base import CommandError, CommandParser

from people.models import User


def add_person(parser: CommandParser) -> None:
    """Let the command take ``--as ADDRESS``."""
    words = "The e-mail address of whoever the history shall name; without it, the system."
    parser.add_argument("--as", metavar="ADDRESS", dest="as", default="", help=words)


def person(address: str) -> User | None:
    """Whom ``--as`` names; ``None``, the system, for nobody. Raises ``CommandError`` for an unknown one."""
    if not address:
        return None
    user = User.objects.filter(email__iexact=address, is_active=True).first()
    if user is None:
        raise CommandError(f"--as {address}: no open account has this address.")
    return user
