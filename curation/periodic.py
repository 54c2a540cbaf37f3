"""What the worker does for curation every few minutes."""

from datetime import timedelta

from curation import rebuilding
from outbox.periodic import every

FOLD = timedelta(minutes=5)
FOLLOW_CLICKS = timedelta(hours=6)


@every(FOLD)
def keep_counts() -> None:
    """Let the engine's counts follow the archive."""
    rebuilding.fold_and_renew()


@every(FOLLOW_CLICKS)
def follow_clicks() -> None:
    """Let clicks say their small word."""
    rebuilding.relist_most_seen()
