"""Registers the screens of this room with the admin."""

from django.contrib import admin

from syndication.models import Feed, Newsletter, WireItem, WireRule
from syndication.newsletter.admin import NewsletterAdmin
from syndication.screens.feeds import FeedAdmin
from syndication.screens.wire_desk import WireItemAdmin
from syndication.screens.wire_rules import WireRuleAdmin

admin.site.register(Newsletter, NewsletterAdmin)
admin.site.register(WireItem, WireItemAdmin)
admin.site.register(Feed, FeedAdmin)
admin.site.register(WireRule, WireRuleAdmin)
