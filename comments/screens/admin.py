"""The screens under the names by which the admin finds them."""

from django.contrib.admin import AdminSite

from comments.models import Ban, DeskDay, Learner, ModerationEntry, Rule, SecondLook, WriterNote
from comments.screens.bans import BanAdmin
from comments.screens.decisions import DecisionAdmin
from comments.screens.figures import FiguresAdmin
from comments.screens.rules import RuleAdmin
from comments.screens.score import ScoreAdmin
from comments.screens.second_look import SecondLookAdmin
from comments.screens.writer import WriterAdmin


def register_screens(site: AdminSite) -> None:
    """Hang every screen beside the queue into ``site``."""
    site.register(Rule, RuleAdmin)
    site.register(Ban, BanAdmin)
    site.register(ModerationEntry, DecisionAdmin)
    site.register(SecondLook, SecondLookAdmin)
    site.register(DeskDay, FiguresAdmin)
    site.register(Learner, ScoreAdmin)
    site.register(WriterNote, WriterAdmin)
