"""What the worker does for the moderators' desk."""

from datetime import timedelta

from comments import bans, figures
from outbox.periodic import every


@every(timedelta(minutes=10))
def end_bans() -> None:
    """Forget bans whose end has come."""
    bans.end_expired()


@every(timedelta(hours=1))
def count_figures() -> None:
    """Count whole days, and renew what readers are promised. Hourly, so that a night without a worker is made good."""
    figures.count_days()
    figures.renew_promise()
