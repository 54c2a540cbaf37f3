"""What agencies sent, on the start page: first what concerns stories we have, then the newest that wait."""

from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.worklists import SHOWN, Row, Worklist, when
from people.models import User
from syndication.models import WireItem
from syndication.models.wire import Offer, WireState


def from_wires(user: User) -> Worklist:
    """At most two queries; nothing for whoever does not work on the wire desk, or where nothing came."""
    rows = _rows() if user.has_perm("syndication.view_wireitem") else []
    return Worklist("wires", _("From the wires"), rows, reverse("admin:syndication_wireitem_changelist"), "")


def _rows() -> list[Row]:
    most = SHOWN + 1
    items = WireItem.objects.select_related("feed").defer("story")
    found = list(items.exclude(offer=Offer.NONE).order_by("-offered_at")[:most])
    if len(found) < most:
        waiting = items.filter(state=WireState.WAITING, copy_of=None).order_by("-changed_at", "-id")
        found += waiting[: most - len(found)]
    return [_row(item) for item in found]


def _row(item: WireItem) -> Row:
    moment = item.offered_at or item.changed_at
    about = (str(item.get_offer_display()), str(item.feed)) if item.offer else (str(item.feed),)
    url = reverse("admin:syndication_wireitem_change", args=[item.pk])
    return Row(str(item), url, moment, when(moment), about)
