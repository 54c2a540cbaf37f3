"""Jobs the worker runs again and again."""

from collections.abc import Callable
from datetime import timedelta

Job = Callable[[], None]

_jobs: dict[str, tuple[timedelta, Job]] = {}


def every(interval: timedelta) -> Callable[[Job], Job]:
    """Register a function that each worker calls once per ``interval``; it must be safe to run in two at once."""

    def register(job: Job) -> Job:
        _jobs[f"{job.__module__}.{job.__qualname__}"] = (interval, job)
        return job

    return register


def jobs() -> dict[str, tuple[timedelta, Job]]:
    """The registered jobs by name."""
    return dict(_jobs)
