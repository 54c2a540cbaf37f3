"""Screens that look across every room."""

from django.contrib import admin

from newsroom.trail.screen import TrailAdmin
from outbox.models import AuditEntry

admin.site.register(AuditEntry, TrailAdmin)
