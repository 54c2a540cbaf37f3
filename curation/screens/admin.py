"""Registers the screens about many lists with the admin."""

from django.contrib import admin

from curation.models import Campaign, Exclusion, KeptApart, Pick
from curation.screens.campaigns import CampaignAdmin
from curation.screens.exclusions import ExclusionAdmin
from curation.screens.health import PickAdmin
from curation.screens.never_together import KeptApartAdmin


def register_screens(site: admin.AdminSite) -> None:
    """Health at the address of the picks, and the three lists beside it."""
    site.register(Pick, PickAdmin)
    site.register(Campaign, CampaignAdmin)
    site.register(Exclusion, ExclusionAdmin)
    site.register(KeptApart, KeptApartAdmin)
