"""Sessions in the database, as Django keeps them; the query that every request of somebody signed in begins with."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from pagecache.prepared import Prepared

_ALIVE = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), key=CharField(), now=DateTimeField()
)


class SessionStore(db.SessionStore):
    """Django's; a session that is over, or never was, is begun anew under another key."""

    def _get_session_from_db(self) -> Session | None:
        key = self.session_key or ""
        found = None if "\0" in key else _ALIVE.first(key=key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
