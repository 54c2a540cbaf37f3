"""The WSGI entry point: ``granian --interface wsgi newsroom.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django_application = get_wsgi_application()

from newsroom.lanes import AT_WORK, Lane, at_most  # noqa: E402 - needs the settings set up
from newsroom.page_store import before  # noqa: E402
from newsroom.patience import patient  # noqa: E402

application = patient(Lane(before(at_most(AT_WORK, django_application)), django_application))
