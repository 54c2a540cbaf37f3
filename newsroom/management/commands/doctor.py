"""The examination, printed."""

import json
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from newsroom.doctor.examination import examine
from newsroom.doctor.findings import Finding, Level

MARKS = {Level.GOOD: "ok", Level.WARNING: "look", Level.TROUBLE: "BAD"}


class Command(BaseCommand):
    """``manage.py doctor [--json] [--strict]``: ends with 1 when something is in trouble."""

    help = "Say what is misconfigured, slow, missing or behind, and what to do about it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """``--json`` for programs; ``--strict`` ends with 1 for warnings too."""
        parser.add_argument("--json", action="store_true", help="One JSON object a finding, in a list.")
        parser.add_argument("--strict", action="store_true", help="End with 1 for what deserves a look, too.")

    def handle(self, *args: Any, strict: bool, **options: Any) -> None:
        """Examine, print, and end with the code that says how it is."""
        found = examine()
        if options["json"]:
            self.stdout.write(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=1))
        else:
            self._print(found)
        if max(one.level for one in found) >= (Level.WARNING if strict else Level.TROUBLE):
            raise SystemExit(1)

    def _print(self, found: list[Finding]) -> None:
        styles: dict[Level, Callable[[str], str]] = {
            Level.GOOD: str,
            Level.WARNING: self.style.WARNING,
            Level.TROUBLE: self.style.ERROR,
        }
        for one in found:
            self.stdout.write(f"{styles[one.level](f'{MARKS[one.level]:<4}')}  {one.subject}: {one.words}")
            if one.hint:
                self.stdout.write(f"        {one.hint}")
        troubles, warnings = (sum(one.level == level for one in found) for level in (Level.TROUBLE, Level.WARNING))
        self.stdout.write(f"\n{len(found)} findings: {troubles} bad, {warnings} deserve a look.")
