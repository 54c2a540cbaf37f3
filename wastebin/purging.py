"""What has been in the bin for its time goes for good."""

from contextlib import suppress
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from outbox.periodic import every
from wastebin.bin import delete_for_good
from wastebin.models import Binned

AT_ONCE = 200
"""Objects in one run: a night of them is enough for any newsroom."""


@every(timedelta(hours=1))
def empty() -> None:
    """Delete for good what is due, each in a transaction of its own; safe in two workers at once."""
    for binned in Binned.objects.filter(until__lte=timezone.now()).order_by("until").defer("rows", "emptied")[:AT_ONCE]:
        with suppress(ValidationError):  # another worker was faster
            delete_for_good(binned, actor=None)
