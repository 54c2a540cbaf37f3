"""Django's command, with a row in the history."""

import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword

from outbox import audit
from people.models import User


class Command(changepassword.Command):
    """``manage.py changepassword ADDRESS``."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Change it, and note that somebody with a shell did."""
        said = super().handle(*args, **options)
        audit.record(None, "changed the password", User.objects.get(username=options["username"] or getpass.getuser()))
        return said
