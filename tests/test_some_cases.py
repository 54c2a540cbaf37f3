"""Two cases of a test stand for all of them on a database that is asked a second time; what it alone is asked stays."""

from dataclasses import dataclass
from typing import Any

from tests.conftest import some_cases


@dataclass(frozen=True)
class Item:
    nodeid: str
    marker: str = ""

    def get_closest_marker(self, name: str) -> str | None:
        return name if name == self.marker else None


def kept(*items: Item) -> list[str]:
    given: Any = list(items)
    return [item.nodeid for item in some_cases(given, 2)]


def test_the_first_and_the_middle_one_are_kept_of_each_test() -> None:
    many, few = [Item(f"a.py::many[{number}]") for number in range(13)], [Item("a.py::few[x]"), Item("a.py::few[y]")]
    assert kept(*many, Item("a.py::one"), *few, Item("b.py::many[0]")) == [
        *("a.py::many[0]", "a.py::many[7]", "a.py::one", "a.py::few[x]", "a.py::few[y]", "b.py::many[0]"),
    ]


def test_all_cases_are_kept_of_what_no_other_database_is_asked() -> None:
    for marker in ("postgres", "once", "soak"):
        cases = [Item(f"a.py::many[{number}]", marker) for number in range(5)]
        assert kept(*cases) == [case.nodeid for case in cases]
    mixed = [Item("a.py::many[0]"), Item("a.py::many[1]", "soak"), Item("a.py::many[2]"), Item("a.py::many[3]")]
    assert kept(*mixed) == ["a.py::many[0]", "a.py::many[1]", "a.py::many[3]"]
