"""Second look: one past decision at a time, to be judged without knowing what it was."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from comments import second_look
from comments.models import SecondLook
from comments.screens.base import READ, WRITE, ScreenAdmin, row_asked, staff
from pagecache.admin import row_or_404

LOOK = "admin:comments_secondlook_changelist"


class SecondLookAdmin(ScreenAdmin):
    """The look itself, and what came of all looks."""

    def addresses(self) -> list[URLPattern]:
        """Look, verdict, agreement, reopening."""
        name = "comments_secondlook_{}".format
        return [
            path("", self.door(self.look, *READ), name=name("changelist")),
            path("verdict/", self.door(self.verdict, *WRITE), name=name("verdict")),
            path("agreement/", self.door(self.agreement, *READ), name=name("agreement")),
            path("<int:pk>/reopening/", self.door(self.reopen, *WRITE), name=name("reopen")),
        ]

    def look(self, request: HttpRequest) -> HttpResponse:
        """The next one, told nothing of."""
        person = staff(request)
        entry = second_look.upcoming(person)
        context: dict[str, Any] = {"entry": entry, "left": second_look.left_today(person)}
        context["comments"] = [entry.comment] if entry else []
        return self.screen(request, "second_look", title=_("Second look"), tab="second-look", **context)

    def verdict(self, request: HttpRequest) -> HttpResponse:
        """POST ``entry`` and ``verdict``."""
        number, verdict = row_asked(request.POST.get("entry", "")), request.POST.get("verdict", "")
        try:
            look = second_look.judge(number, verdict, actor=staff(request))
        except second_look.AlreadyJudgedError as error:
            messages.warning(request, str(error))
        except ValidationError as error:
            raise Http404 from error
        else:
            _tell(request, look)
        return redirect(LOOK)

    def agreement(self, request: HttpRequest) -> HttpResponse:
        """Who and what is agreed with, and where two disagree."""
        people, codes = second_look.agreements()
        context: dict[str, Any] = {"tables": ((_("By who decided"), people), (_("By what was found"), codes))}
        looks = list(second_look.disagreements())
        context["comments"] = [look.comment for look in looks]
        return self.screen(request, "agreement", title=_("Agreement"), tab="second-look", looks=looks, **context)

    def reopen(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: back to the queue with a comment about which two disagree."""
        look = row_or_404(SecondLook.objects.select_related("comment", "entry"), pk)
        if second_look.reopen(look, actor=staff(request)):
            messages.success(request, _("The comment waits in the queue again."))
        else:
            messages.warning(request, _("It was decided anew in the meantime and stays as it is."))
        return redirect("admin:comments_secondlook_agreement")


def _tell(request: HttpRequest, look: SecondLook) -> None:
    """Whether two agree; what the decision was is told only after the verdict."""
    if look.verdict == look.entry.after:
        messages.success(request, _("The same verdict as before."))
    else:
        words = _("You say “%(now)s”; it was “%(then)s”. Nothing was changed: under Agreement it can be reopened.")
        facts = {"now": look.get_verdict_display(), "then": look.entry.get_after_display()}
        messages.warning(request, words % facts)
