"""Whether somebody wants mail when colleagues hand them something."""

from outbox import audit
from pagecache.writing import writing
from people.models import User


def set_desk_mail(person: User, *, wanted: bool) -> None:
    """Switch one's own mail on or off; what was so already stays."""
    with writing():
        changed = User.objects.filter(pk=person.pk, desk_mail=not wanted).update(desk_mail=wanted)
        if changed:
            audit.record(person, "switched desk mail on" if wanted else "switched desk mail off", person)
    person.desk_mail = wanted
