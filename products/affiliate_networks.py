"""Links that pay somebody whatever shop they lead to: addresses of affiliate networks, and shops' own tagged links."""

from urllib.parse import parse_qs, urlsplit

_NETWORKS = """
    awin1.com zenaps.com tidd.ly
    amzn.to ebay.us rover.ebay.com s.click.aliexpress.com
    anrdoezrs.net dpbolvw.net jdoqocy.com kqzyfj.com tkqlhce.com emjcd.com
    linksynergy.com shareasale.com avantlink.com flexlinks.com prf.hn
    pntra.com pntrac.com pntrs.com gopjn.com pjatr.com pjtra.com
    sjv.io pxf.io 7eer.net evyy.net ojrq.net
    clk.tradedoubler.com ad.zanox.com belboon.de financeads.net t.adcell.com track.webgains.com hop.clickbank.net
    go.skimresources.com go.redirectingat.com redirect.viglink.com shop-links.co howl.me"""

NETWORKS = frozenset(_NETWORKS.split())
"""Hosts, everything below them included, that exist to count who sent a buyer."""

TAGS = {"amazon": "tag", "ebay": "campid"}
"""Shops of many countries, and the part of the query that names who is paid."""


def is_tagged(host: str, url: str) -> bool:
    """Whether a link to ``host`` (of ``host_of``) names somebody who is paid for it."""
    named = next((tag for shop, tag in TAGS.items() if shop in host.split(".")), "")
    return bool(named) and bool(parse_qs(urlsplit(url).query).get(named))
