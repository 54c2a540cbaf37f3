"""A series of four stories, other names of tags, and a few tags that want tidying."""

from articles import series
from articles.models import Series, Tag, TagSynonym
from articles.publishing import tags_named
from newsroom.demo.made import Demo

PARTS = (
    "dunmere-ferry-returns",
    "harbour-half-year-figures",
    "shore-power-first-plug",
    "crane-drivers-talks-live",
)
OTHER_NAMES = {
    "trams": ("tramway", "streetcars"),
    "harbour": ("port of Brackwater",),
    "flooding": ("floods", "high water"),
    "co-operatives": ("co-ops",),
}
UNTIDY = ("night bus", "heat-pumps", "harbor", "elecitons", "village fête")
"""Tags on no story: most of them look like one that is used."""


def make(demo: Demo) -> None:
    """Make them, in the loader's transaction."""
    row = Series(
        title="The harbour at work",
        slug="the-harbour-at-work",
        description="A port that was written off twice is busy again. Four reports from the quays: who works there, "
        "what comes in, and who breathes the air.",
        picture_id=demo.pictures.get("harbour-dawn"),
    )
    row.save()
    for key in PARTS:
        series.add(demo.articles[key], row, actor=None)
    for name, others in OTHER_NAMES.items():
        for tag in Tag.objects.filter(name=name):
            for other in others:
                TagSynonym(tag=tag, name=other).save()
    tags_named(UNTIDY)
