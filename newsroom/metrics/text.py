"""Prometheus' text exposition format, version 0.0.4."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

from newsroom.metrics.tally import BUCKETS, Labels, Tally, Times

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Gauge(NamedTuple):
    """A figure that may rise and fall."""

    name: str
    value: float
    labels: Labels = ()


def exposition(tally: Tally, gauges: Iterable[Gauge], about: Mapping[str, str]) -> str:
    """Everything as text; ``about`` says what each name counts."""
    lines: list[str] = []
    for name, samples in _by_name((name, labels, str(number)) for (name, labels), number in tally.counters.items()):
        lines += [*_head(name, "counter", about), *samples]
    for name in sorted({name for name, _labels in tally.times}):
        lines += _head(name, "histogram", about)
        for (own, labels), times in sorted(tally.times.items()):
            if own == name:
                lines += _histogram(name, labels, times)
    for name, samples in _by_name((gauge.name, gauge.labels, f"{gauge.value:.10g}") for gauge in gauges):
        lines += [*_head(name, "gauge", about), *samples]
    return "\n".join(lines) + "\n"


def _by_name(samples: Iterable[tuple[str, Labels, str]]) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for name, labels, value in sorted(samples):
        found.setdefault(name, []).append(f"{name}{_labels(labels)} {value}")
    yield from found.items()


def _histogram(name: str, labels: Labels, times: Times) -> Iterator[str]:
    borders = [*map(str, BUCKETS), "+Inf"]
    for border, count in zip(borders, accumulate(times.counts), strict=True):
        yield f"{name}_bucket{_labels((*labels, ('le', border)))} {count}"
    yield f"{name}_sum{_labels(labels)} {times.total:.6f}"
    yield f"{name}_count{_labels(labels)} {sum(times.counts)}"


def _head(name: str, kind: str, about: Mapping[str, str]) -> list[str]:
    return [f"# HELP {name} {about[name]}", f"# TYPE {name} {kind}"]


def _labels(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}" if labels else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
