"""Where the room's screens hang in the admin."""

from django.contrib import admin

from curation.screens.admin import register_screens

register_screens(admin.site)
