"""The checklist before publishing: our own lines, and those of the rooms above."""

from dataclasses import asdict

from django.utils import timezone
from django.utils.translation import gettext as _

from articles import body
from articles.models import Article, Section, Source
from articles.registries import Finding, publish_checks
from articles.state import WorkingState
from images.models import Image
from people.models import Author


def check(article: Article, state: WorkingState) -> list[Finding]:
    """Everything the checklist has to say; ``required`` findings forbid publishing."""
    findings = [*_words(state), *_relations(state), *_times(state), *_pictures(state), *_body_pictures(state)]
    for extra in publish_checks:
        findings += extra(article, asdict(state))
    return findings


def _words(state: WorkingState) -> list[Finding]:
    findings = []
    if not state.headline.strip():
        findings.append(Finding(_("The article needs a headline."), required=True, field="headline"))
    if state.section is None or not Section.objects.filter(pk=state.section).exists():
        findings.append(Finding(_("Choose the section it belongs to."), required=True, field="section"))
    if not state.body.strip():
        findings.append(Finding(_("The story is empty."), required=True, field="body"))
    if not state.standfirst.strip():
        findings.append(Finding(_("A standfirst helps readers decide; this article has none."), field="standfirst"))
    if not state.tags:
        findings.append(Finding(_("Without tags the article is harder to find and to relate."), field="tags"))
    if not state.bylines and not state.source:
        findings.append(Finding(_("The article has neither a byline nor a source."), field="bylines"))
    return findings


def _relations(state: WorkingState) -> list[Finding]:
    """A draft keeps ids; what they stood for may have been deleted since."""
    wanted = {credit.author for credit in state.bylines}
    if len(wanted) > Author.objects.filter(pk__in=wanted).count():
        return [Finding(_("Somebody in the bylines no longer exists. Choose again."), required=True, field="bylines")]
    if state.source is not None and not Source.objects.filter(pk=state.source).exists():
        return [Finding(_("The source no longer exists. Choose again."), required=True, field="source")]
    if state.social_picture is not None and not Image.objects.filter(pk=state.social_picture).exists():
        message = _("The picture for sharing is no longer in the library.")
        return [Finding(message, required=True, field="social_picture")]
    return []


def _body_pictures(state: WorkingState) -> list[Finding]:
    wanted = body.render(state.body).image_ids
    known = Image.objects.in_bulk(wanted)
    findings = []
    if len(known) < len(set(wanted)):
        findings.append(Finding(_("A picture in the story is no longer in the library; it is left out."), field="body"))
    for picture in known.values():
        if not picture.alt.strip():
            message = _("“%(title)s” in the story has no alternative text. Open the picture and say what it shows.")
            findings.append(Finding(message % {"title": picture.title}, required=True, field="body"))
    return findings


def _times(state: WorkingState) -> list[Finding]:
    starts = max(filter(None, (state.publish_at, state.embargo_until, timezone.now())))
    if state.expire_at and state.expire_at <= starts:
        return [Finding(_("It would expire before anybody could read it."), required=True, field="expire_at")]
    return []


def _pictures(state: WorkingState) -> list[Finding]:
    if state.lead_picture is None:
        return [Finding(_("The article has no lead picture."), field="lead_picture")]
    picture = Image.objects.filter(pk=state.lead_picture).first()
    if picture is None:
        return [Finding(_("The lead picture is no longer in the library."), required=True, field="lead_picture")]
    findings = []
    if not picture.alt.strip():
        message = _("The lead picture has no alternative text. Open the picture and say what it shows.")
        findings.append(Finding(message, required=True, field="lead_picture"))
    if picture.usable_until and picture.usable_until <= timezone.now():
        findings.append(Finding(_("The licence of the lead picture has ended."), required=True, field="lead_picture"))
    return findings
