"""Workers say that they live, so that somebody notices when none does."""

import os
import socket
import time
from datetime import timedelta

from django.utils import timezone

from outbox.models import Heartbeat

INTERVAL = 10.0
"""Seconds between two beats of one worker."""

FORGOTTEN = timedelta(days=1)
"""A worker that was not seen for so long is no news any more."""


class Beat:
    """The heartbeat of this process; ``beat`` may be called as often as one likes."""

    def __init__(self) -> None:
        self.worker = f"{socket.gethostname()[:150]}:{os.getpid()}"
        self.next = 0.0

    def beat(self) -> None:
        """Be seen, when the last time was a while ago."""
        if time.monotonic() < self.next:
            return
        now = timezone.now()
        if not Heartbeat.objects.filter(worker=self.worker).update(seen_at=now):
            Heartbeat.objects.filter(seen_at__lt=now - FORGOTTEN).delete()
            Heartbeat.objects.create(worker=self.worker, started_at=now, seen_at=now)
        self.next = time.monotonic() + INTERVAL

    def end(self) -> None:
        """This worker ends in order."""
        Heartbeat.objects.filter(worker=self.worker).delete()
