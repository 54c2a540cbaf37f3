"""What the elements of feeds are by the standards: moments, addresses, numbers, plain words; which stand once."""

_ATOM_BOTH = "id title updated published author contributor category link rights"
ATOM_CHILDREN = {
    "feed": frozenset(f"{_ATOM_BOTH} subtitle icon logo generator entry modified tagline copyright info".split()),
    "entry": frozenset(f"{_ATOM_BOTH} summary content source modified issued created copyright".split()),
    "source": frozenset(f"{_ATOM_BOTH} subtitle icon logo generator".split()),
    "author": frozenset(("name", "uri", "email", "url")),
    "contributor": frozenset(("name", "uri", "email", "url")),
}
_CHANNEL = (
    "title link description language copyright managingEditor webMaster pubDate lastBuildDate category generator docs"
    " cloud ttl image rating textInput textinput skipHours skipDays item items"
)
RSS_CHILDREN = {
    "channel": frozenset(_CHANNEL.split()),
    "item": frozenset(
        [
            "title",
            "link",
            "description",
            "author",
            "category",
            "comments",
            "enclosure",
            "guid",
            "pubDate",
            "source",
            "expirationDate",
        ]
    ),
    "image": frozenset(("url", "title", "link", "width", "height", "description")),
    "textInput": frozenset(("title", "description", "name", "link")),
    "rss": frozenset(("channel",)),
    "skipHours": frozenset(("hour",)),
    "skipDays": frozenset(("day",)),
    "Channel": frozenset(("title", "link", "description", "image", "items", "language")),
}

REQUIRED = {
    "feed": ("id", "title", "updated"),
    "entry": ("id", "title", "updated"),
    "source": ("id", "title", "updated"),
    "author": ("name",),
    "contributor": ("name",),
    "channel": ("title", "link", "description"),
    "Channel": ("title", "link", "description"),
    "image": ("url", "title", "link"),
    "textInput": ("title", "description", "name", "link"),
}

REPEATED = frozenset(
    (
        "link",
        "category",
        "author",
        "contributor",
        "entry",
        "item",
        "hour",
        "day",
        "dc:creator",
        "dc:contributor",
        "dc:subject",
    )
)
"""What may stand more than once; of what is not named in these tables nothing is said."""

SINGLE = frozenset(
    ("dc:date", "dc:language", "dc:publisher", "dc:rights", "dc:title", "dc:description", "dc:identifier",
     "dcterms:modified",
     "dcterms:created", "dcterms:issued", "content:encoded", "thr:total", "sy:updatePeriod", "sy:updateFrequency",
     "sy:updateBase", "creativeCommons:license", "admin:generatorAgent", "admin:errorReportsTo", "icbm:latitude")
)  # fmt: skip

SAME_AS = {
    "admin:generatorAgent": "generator",
    "dc:language": "language",
    "dc:publisher": "webMaster",
    "dcterms:modified": "lastBuildDate",
    "dc:rights": "copyright",
    "dc:date": "pubDate",
    "dc:creator": "managingEditor",
    "dc:subject": "category",
    "dc:source": "source",
    "content:encoded": "xhtml:body",
    "dcterms:created": "pubDate",
    "cc:license": "creativeCommons:license",
    "admin:errorReportsTo": "webMaster",
    "dc:title": "title",
    "dc:description": "description",
}
"""An extension's name for what the standard has a name of its own for: both at once say it twice."""

FOREIGN = frozenset(
    (
        "http://www.w3.org/2003/05/soap-envelope",
        "http://schemas.google.com/g/2005",
        "http://purl.org/rss/1.0/modules/wiki/",
        "http://www.usemod.com/cgi-bin/mb.pl?ModWiki",
    )
)
"""Namespaces of something else, or that were given up."""

MOMENTS = frozenset(
    ("updated", "published", "modified", "issued", "created", "pubDate", "lastBuildDate", "expirationDate", "dc:date",
     "dcterms:created", "dcterms:issued", "dcterms:modified", "sy:updateBase", "app:edited")
)  # fmt: skip
ADDRESSES = frozenset(
    ("icon", "logo", "uri", "url", "docs", "comments", "wfw:commentRss", "wfw:comment", "creativeCommons:license",
     "trackback:ping",
     "trackback:about", "admin:generatorAgent", "slash:comments_url", "blogChannel:blogRoll", "blogChannel:blink")
)  # fmt: skip
ADDRESS_ATTRIBUTES = frozenset(("href", "src", "url", "uri", "scheme", "domain", "rdf:about", "rdf:resource"))
NUMBERS = {
    "ttl": (1, 100_000),
    "width": (1, 144),
    "height": (1, 400),
    "hour": (0, 23),
    "thr:total": (0, 10**9),
    "sy:updateFrequency": (1, 10**6),
}
NUMBER_ATTRIBUTES = {"length": (0, 10**15), "port": (1, 65_535), "thr:count": (0, 10**9), "fileSize": (0, 10**15)}
LISTED = {
    "day": frozenset(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]),
    "sy:updatePeriod": frozenset(["hourly", "daily", "weekly", "monthly", "yearly"]),
}
PEOPLE = frozenset(("managingEditor", "webMaster", "email"))
LANGUAGES = frozenset(("language", "dc:language"))
PLAIN = frozenset(
    ("name", "generator", "language", "copyright", "managingEditor", "webMaster", "docs", "category", "guid", "link",
     "ttl",
     "source", "comments", "rating", "dc:creator", "dc:publisher", "dc:language", "dc:rights", "dc:subject", "dc:title",
     "dc:date", "email", "uri", "id", "updated", "published", "icon", "logo", "pubDate", "lastBuildDate", "hour", "day")
)  # fmt: skip
"""What holds words only: no markup, no elements."""

RELATIONS = frozenset(
    ("alternate", "enclosure", "related", "self", "via", "replies", "next", "previous", "prev", "first",
     "last",
     "current",     "edit",
     "edit-media", "license", "payment", "hub", "service", "up", "search", "prev-archive",
     "next-archive", "next-archives")
)  # fmt: skip
