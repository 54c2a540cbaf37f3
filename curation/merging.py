"""One story takes the place of another in every list an editor picked it for."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from articles.models import Article
from articles.permissions import Actor
from curation.details import Details, Hand
from curation.models import Pick
from curation.picks import pick, unpick
from curation.places import FRONT, Place, key_of


def take_over(former: Article, story: Article, actor: Actor) -> int:
    """Pick ``story`` where ``former`` is picked, at the same place; returns in how many lists.

    The end and the note of each pick stay; its own headline and picture told of
    ``former`` and go. A list that ``actor`` may not change or that may not show
    ``story`` keeps its pick of ``former``, which no reader sees.
    """
    rows = Pick.objects.filter(target=former).select_related("article__latest", "section", "picked_by")
    places = sorted(((_place(row), row) for row in rows), key=lambda pair: key_of(pair[0]))
    return sum(_replace(place, row, former, story, actor) for place, row in places)


def _place(row: Pick) -> Place:
    return row.article or row.section or FRONT


def _replace(place: Place, row: Pick, former: Article, story: Article, actor: Actor) -> bool:
    if row.article_id == story.pk:
        return False
    details, hand = Details(until=row.until, note=row.note), Hand(row.picked_by, row.picked_at)
    try:
        with transaction.atomic():
            unpick(place, former, actor=actor)
            pick(place, story, actor=actor, position=row.position, details=details, hand=hand)
    except (PermissionDenied, ValidationError):
        return False
    return True
