"""Load the demo newsroom."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from newsroom.demo import load as demo
from newsroom.demo.hands import CITY_DESK


class Command(BaseCommand):
    """``manage.py load_demo``: loads once; a second run only prints the sign-ins."""

    help = "Load the demo newsroom: an invented city's paper with stories, pictures, products and comments."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--sign-ins`` only prints them."""
        parser.add_argument("--sign-ins", action="store_true", help="Only print the demo's sign-ins.")

    def handle(self, *args: Any, sign_ins: bool, **options: Any) -> None:
        """Load unless it is there, then say how to sign in."""
        if not sign_ins and not demo.is_loaded():
            self.stdout.write("Loading the demo newsroom …")
            made = demo.load()
            self.stdout.write(
                f"{len(made.articles)} stories, {len(made.pictures)} pictures, {len(made.products)} products."
            )
        self.stdout.write(f"\nSite:     {settings.BASE_URL}/\nSign in:  {settings.BASE_URL}/admin/\n")
        for email, (_name, role) in demo.STAFF.items():
            self.stdout.write(f"  {role:<14} {email:<26} {demo.PASSWORD}")
        self.stdout.write(f"  {'Desk editor':<14} {CITY_DESK:<26} {demo.PASSWORD}")
