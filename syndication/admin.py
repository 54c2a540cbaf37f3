"""Where the room's screens hang in the admin."""

from django.contrib import admin

from syndication.models import Newsletter
from syndication.newsletter.admin import NewsletterAdmin

admin.site.register(Newsletter, NewsletterAdmin)
