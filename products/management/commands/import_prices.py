"""Bring in a shop's price list from a file."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date

from people.commands import add_person, person
from products.deliveries.applying import apply, rehearse
from products.deliveries.days import end_of
from products.deliveries.formats import ADAPTERS
from products.deliveries.reporting import SHOWN, Report
from products.deliveries.sheet import MOST_BYTES, Unreadable
from products.models import Delivery, Merchant, SeenHow


class Command(BaseCommand):
    """``manage.py import_prices FILE --merchant SLUG [--dry-run] [--as ADDRESS] …``."""

    help = "Bring in a shop's price list (CSV or XML). Running it again renews the dates of the prices, nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, whose it is, and what to do with it."""
        parser.add_argument("file", help="A CSV or XML file, gzipped or not; - for standard input.")
        parser.add_argument("--merchant", required=True, metavar="SLUG", help="The shop's short name.")
        parser.add_argument("--format", choices=sorted(ADAPTERS), default="", help="Without it, the file shows.")
        parser.add_argument("--currency", default="EUR", help="Of prices that name none.")
        parser.add_argument("--as-of", default="", metavar="DATE", help="When the prices were right (2026-05-04); now.")
        parser.add_argument("--known-only", action="store_true", help="Take over no products that are new.")
        parser.add_argument("--whole", action="store_true", help="What the list does not name is sold out.")
        parser.add_argument("--dry-run", action="store_true", help="Read and judge every row, write nothing.")
        add_person(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply, report, and fail where a row was refused."""
        delivery = self._delivery(options)
        try:
            if options["dry_run"]:
                report = rehearse(delivery)
            else:
                delivery.save()
                report = apply(delivery, actor=delivery.made_by)
        except (Unreadable, PermissionDenied) as refused:
            self._forget(delivery)
            raise CommandError(str(refused)) from refused
        except ValidationError as refused:
            self._forget(delivery)
            raise CommandError(" ".join(refused.messages)) from refused
        self._tell(report, "Dry run, nothing written: " if options["dry_run"] else "")

    def _delivery(self, options: dict[str, Any]) -> Delivery:
        merchant = Merchant.objects.filter(slug=options["merchant"]).first()
        if merchant is None:
            raise CommandError(f"--merchant {options['merchant']}: there is no such shop.")
        delivery = Delivery(
            merchant=merchant,
            how=SeenHow.FILE,
            name=Path(options["file"]).name[:200],
            kind=options["format"],
            currency=options["currency"].upper(),
            creates=not options["known_only"],
            whole=options["whole"],
            as_of=_moment(options["as_of"]),
            content=self._content(options["file"]),
            made_by=person(options["as"]),
        )
        try:
            delivery.clean_fields(exclude={"made_by", "applied_at", "report"})
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return delivery

    def _content(self, name: str) -> bytes:
        if name == "-":
            return sys.stdin.buffer.read(MOST_BYTES + 1)
        try:
            with Path(name).open("rb") as file:
                return file.read(MOST_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}") from error

    def _forget(self, delivery: Delivery) -> None:
        if delivery.pk:
            delivery.delete()

    def _tell(self, report: Report, prefix: str) -> None:
        for line, label, reason in report.refused_lines:
            self.stderr.write(f"line {line} ({label}): {reason}")
        if report.refused > SHOWN:
            self.stderr.write(f"… and {report.refused - SHOWN} more.")
        for note in report.notes:
            self.stderr.write(note)
        self.stdout.write(
            f"{prefix}{report.created} created, {report.changed} changed, {report.same} unchanged, "
            f"{report.unknown} not ours, {report.gone} sold out as not named, {report.refused} refused."
        )
        if report.refused:
            raise CommandError("Some rows were refused.")


def _moment(day: str) -> datetime:
    """The end of that day, or now: never later."""
    if not day:
        return timezone.now()
    try:
        found = parse_date(day)
    except ValueError:
        found = None
    if found is None or found > timezone.localdate():
        raise CommandError(f"--as-of {day}: write a day that is past as 2026-05-04.")
    return end_of(found)
