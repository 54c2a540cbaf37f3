"""What agencies sent, on the start page: first what concerns stories we have, then the newest that wait."""

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.worklists import SHOWN, Row, Worklist, when
from people.models import User
from syndication.models import WireItem
from syndication.models.wire import Offer, WireState


def from_wires(user: User) -> Worklist:
    """One query; nothing for whoever does not work on the wire desk, or where nothing came."""
    rows = _rows() if user.has_perm("syndication.view_wireitem") else []
    return Worklist("wires", _("From the wires"), rows, reverse("admin:syndication_wireitem_changelist"), "")


def _rows() -> list[Row]:
    """The newest of each sort are found by its own index, so that it takes no time however many wait."""
    most = SHOWN + 1
    offered = WireItem.objects.exclude(offer=Offer.NONE).order_by("-offered_at")[:most]
    waiting = WireItem.objects.filter(state=WireState.WAITING, copy_of=None).order_by("-changed_at", "-id")[:most]
    found = WireItem.objects.filter(Q(pk__in=offered.values("pk")) | Q(pk__in=waiting.values("pk")))
    newest = found.order_by(F("offered_at").desc(nulls_last=True), "-changed_at", "-id")
    return [_row(item) for item in newest.select_related("feed").defer("story")[:most]]


def _row(item: WireItem) -> Row:
    moment = item.offered_at or item.changed_at
    about = (str(item.get_offer_display()), str(item.feed)) if item.offer else (str(item.feed),)
    url = reverse("admin:syndication_wireitem_change", args=[item.pk])
    return Row(str(item), url, moment, when(moment), about)
