"""What follows a tag that is merged into another: campaigns at once, what the engine knows in the background."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from articles.models import Tag
from articles.permissions import Actor
from curation import frequencies
from curation.models import Campaign, Fingerprint, Suggestion, Uncounted
from curation.models.campaign import campaign_key
from outbox import effects
from pagecache.writing import bump, writing

FOLLOW = "curation.tag_follows"
"""The effect that renames a tag in what the engine knows; payload ``{"articles": [ids], "gone": id, "kept": id}``."""

COUNT = "curation.tag_counts"
"""The effect that adds one tag's count to another's; payload ``{"gone": id, "kept": id}``."""

BATCH = 100
"""Articles in one effect."""


class CampaignsFollow:
    """Campaigns of the tag's stories, and the engine's knowledge of them."""

    def foretell(self, gone: Tag, kept: Tag) -> list[str]:
        """How many campaigns widen."""
        count = _ahead(gone).count()
        words = ngettext("%(count)d campaign moves along.", "%(count)d campaigns move along.", count)
        return [words % {"count": count}] if count else []

    def move(self, gone: Tag, kept: Tag, actor: Actor) -> None:
        """Campaigns now; fingerprints and reasons in batches."""
        Campaign.objects.filter(tag=gone).update(tag=kept)
        bump({campaign_key(tag_id=gone.pk), campaign_key(tag_id=kept.pk)})
        told = {"gone": gone.pk, "kept": kept.pk}
        waiting = sorted(kept.carriers())
        wanted = [
            effects.Wanted({"articles": waiting[start : start + BATCH], **told}, f"tag-follows:{gone.pk}:{start}")
            for start in range(0, len(waiting), BATCH)
        ]
        effects.enqueue_all(FOLLOW, wanted)
        effects.enqueue(COUNT, told, key=f"tag-counts:{gone.pk}")


@effects.handler(FOLLOW)
def follow(payload: dict[str, Any], _key: str) -> None:
    """Call the tag by its new number in fingerprints, in what is not counted yet, and in reasons."""
    gone, kept, batch = payload["gone"], payload["kept"], payload["articles"]
    with writing():
        for rows in (Fingerprint.objects.filter(article__in=batch), Uncounted.objects.filter(article__in=batch)):
            _rename_in(rows, gone, kept)
        reasoned = [row for row in Suggestion.objects.filter(article__in=batch) if gone in row.reasons.get("tags", ())]
        for row in reasoned:
            row.reasons["tags"] = _renamed(row.reasons["tags"], gone, kept)
        Suggestion.objects.bulk_update(reasoned, ["reasons"])


@effects.handler(COUNT)
def count(payload: dict[str, Any], _key: str) -> None:
    """The engine's sense of how rare the tag is."""
    frequencies.merge_tags(payload["gone"], payload["kept"])


def _ahead(tag: Tag) -> QuerySet[Campaign]:
    return Campaign.objects.filter(tag=tag, ends__gt=timezone.now())


def _rename_in(rows: "QuerySet[Any]", gone: int, kept: int) -> None:
    held: list[Model] = []
    for row in rows.only("tags"):
        if gone in row.tags:
            row.tags = sorted(_renamed(row.tags, gone, kept))
            held.append(row)
    rows.model._default_manager.bulk_update(held, ["tags"])


def _renamed(tag_ids: list[int], gone: int, kept: int) -> list[int]:
    return list(dict.fromkeys(kept if pk == gone else pk for pk in tag_ids))
