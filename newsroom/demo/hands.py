"""The desks of the demo, and articles on their way from hand to hand: one in each state, with notes."""

from django.contrib.auth.models import Group

from articles import notes, publishing, revisions
from articles.models import Article, DeskMembership, DeskRole, EditorialNote, Handover
from articles.state import Credit, WorkingState
from newsroom.demo.made import Demo
from newsroom.demo.together import leave_unsaved_words
from people.models import User
from people.roles import CHIEF_EDITOR, CONTRIBUTOR, EDITOR

CITY_DESK = "city.desk@example.org"


def make(demo: Demo, password: str) -> None:
    """Give places on desks, and take each article through its steps, some days ago."""
    desk = _make_desk_editor(demo, password)
    _make_draft_with_changes_asked(demo, desk)
    _make_review(demo, desk)
    _make_approved(demo, desk)
    _make_killed(demo)


def _make_desk_editor(demo: Demo, password: str) -> User:
    """Somebody who edits and publishes in two sections, and sees no others' drafts."""
    user = User.objects.create_staff(CITY_DESK, "Oona Halvard", password)
    user.groups.add(Group.objects.get(name=EDITOR))
    for slug in ("city", "climate"):
        DeskMembership(user=user, section=demo.sections[slug], role=DeskRole.EDITOR).save()
    return user


def _draft(demo: Demo, writer: User, headline: str, standfirst: str, text: str, **fields: object) -> Article:
    state = WorkingState(
        headline=headline,
        standfirst=standfirst,
        section=demo.sections["city"].pk,
        body=text,
        bylines=(Credit(demo.authors["ines-maren"].pk),),
        tags=("transport", "planning"),
    )
    return revisions.create(state.with_(**fields), actor=writer)


def _make_draft_with_changes_asked(demo: Demo, desk: User) -> None:
    writer = demo.staff[CONTRIBUTOR]
    article = _draft(
        demo,
        writer,
        "Who pays for the footbridge at Tenter Court?",
        "Two departments each say it belongs to the other.",
        "<p>Closed since the last surge. The harbour office says the deed is with the city; the city denies it.</p>",
    )
    publishing.submit_for_review(article, actor=writer, note="Both press offices have had the questions since Monday.")
    note = notes.write_note(
        article,
        actor=desk,
        text="Who at the harbour office? A name, or at least the department.",
        quote="The harbour office says the deed is with the city",
    )
    notes.write_note(article, actor=writer, text="The estates office. They want it in writing first.", answers=note)
    publishing.ask_for_changes(
        article, actor=desk, note="Strong. Two things missing: what the repair costs, and who walks there every day."
    )
    _date(demo, article, (2.2, 1.4))
    leave_unsaved_words(article, demo.staff[EDITOR])


def _make_review(demo: Demo, desk: User) -> None:
    writer = demo.staff[CONTRIBUTOR]
    article = _draft(
        demo,
        writer,
        "Bus shelters on the ring road lose their benches",
        "The operator calls it a trial; the people who wait call it something else.",
        "<p>Eleven shelters between Pump Lane and the hospital lost their benches last week.</p>",
    )
    publishing.submit_for_review(
        article, actor=writer, to=demo.staff[EDITOR], note="Could go with the timetable story."
    )
    notes.write_note(article, actor=desk, text="Do we have a picture of one without a bench?")
    _date(demo, article, (0.3,))


def _make_approved(demo: Demo, desk: User) -> None:
    writer = demo.staff[CONTRIBUTOR]
    article = _draft(
        demo,
        writer,
        "Night bus to Saltmarsh gets a second run",
        "From Monday the last bus leaves at ten past two.",
        "<p>The operator has found the driver it was looking for since spring.</p>",
    )
    publishing.submit_for_review(article, actor=writer)
    publishing.approve(article, actor=desk, note="Good as it is. Goes out with the timetable.")
    _date(demo, article, (0.8, 0.5))


def _make_killed(demo: Demo) -> None:
    article = _draft(
        demo,
        demo.staff[EDITOR],
        "Guest list of a private reception",
        "Names that should not have left the house.",
        "<p>This text was published by mistake.</p>",
    )
    publishing.publish(article, actor=None)
    publishing.kill(
        article, actor=demo.staff[CHIEF_EDITOR], reason="Court order of the same evening; the file is with the lawyers."
    )


def _date(demo: Demo, article: Article, days: tuple[float, ...]) -> None:
    """The steps stand where they would have been taken, the notes between the first and the last."""
    for step, ago in zip(Handover.objects.filter(article=article).order_by("id"), days, strict=True):
        Handover.objects.filter(pk=step.pk).update(made_at=demo.at(ago))
    for place, note in enumerate(EditorialNote.objects.filter(article=article).order_by("id")):
        moment = demo.at(days[0] - 0.02 * (place + 1))
        EditorialNote.objects.filter(pk=note.pk).update(made_at=moment)
