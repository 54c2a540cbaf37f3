"""What a hostile text must never leave behind, judged by a parser that is not the sanitiser's."""

from html.parser import HTMLParser

from articles.body.names import names

ACTIVE_TAGS = names(
    "script style iframe object embed applet svg math form input button textarea select option base link meta "
    "template noscript frame frameset isindex marquee bgsound xml video audio keygen plaintext xmp listing"
)
SAFE_SCHEMES = ("http:", "https:", "mailto:", "tel:")
URL_ATTRIBUTES = names(
    "href src action formaction background poster data cite xlink:href srcset lowsrc dynsrc data-embed data-embed-src"
)


class _Judge(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ACTIVE_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc", "is"}:
                self.found.append(f"{tag} {name}")
            elif name in URL_ATTRIBUTES and not _is_safe(value or ""):
                self.found.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.found.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.found.append("processing instruction")


def _is_safe(url: str) -> bool:
    squeezed = "".join(character for character in url if character > " ").lower()
    if squeezed.startswith("/"):
        return not squeezed.startswith(("//", "/\\"))
    return squeezed.startswith(SAFE_SCHEMES)


def dangers(markup: str) -> list[str]:
    """All that could run, load or send something in ``markup``; an empty list for harmless HTML."""
    judge = _Judge()
    try:
        judge.feed(markup)
        judge.close()
    except AssertionError:  # the parser gives up on some broken declarations, which nothing clean holds
        judge.found.append("unreadable")
    return judge.found
