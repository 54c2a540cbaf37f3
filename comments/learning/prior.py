"""What is believed of a comment before anything was learnt: a few words on its shape, and no word of any language.

A push above 0 is towards spam, in the unit of the score's margin: +1 raises odds of one to one to nearly three to one.
The whole fades as lessons come in.
"""

START = -2.5
"""Most of what readers write is no spam."""

PUSHES: dict[str, float] = {
    "links.1": 1.0,
    "links.2": 1.6,
    "links.3": 2.2,
    "links-first.1": 0.5,
    "beside-links.0": 0.5,
    "capitals.4": 0.3,
    "capitals.5": 0.3,
    "exclamations.3": 0.2,
    "exclamations.4": 0.5,
    "repetition.2": 0.3,
    "repetition.3": 0.6,
}
"""By the names that ``shapes`` gives."""

FADES_AT = 100
"""After so many lessons it counts half."""


def push_of(shape: str, lessons: int) -> float:
    """How far one shape pushes after ``lessons`` lessons."""
    return PUSHES.get(shape, 0.0) * share(lessons)


def share(lessons: int) -> float:
    """How much of the prior is left."""
    return FADES_AT / (FADES_AT + lessons)
