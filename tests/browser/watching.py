"""Watching a page: whatever it does that no page of ours may do."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Request, WebError

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  window.reportViolation(`${event.effectiveDirective} ${event.blockedURI} on ${event.documentURI}`);
});
"""


@dataclass
class Watch:
    """Console errors, uncaught exceptions, policy violations and requests to anybody else, as they happen."""

    site: str
    problems: list[str] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        """Start to watch every page of ``context``."""
        context.expose_binding("reportViolation", self._violation)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._exception)
        context.on("request", self._request)

    def _violation(self, source: Any, report: str) -> None:
        self.problems.append(f"Content-Security-Policy: {report}")

    def _console(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        if message.type == "error" and not (message.text.startswith("Failed to load") and url in self.documents):
            self.problems.append(f"console: {message.text} ({url})")

    def _exception(self, error: WebError) -> None:
        self.problems.append(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        """Note documents, whose 404 or 410 a test asks for on purpose, and whoever else is asked for anything."""
        try:
            if request.is_navigation_request():
                self.documents.add(request.url)
        except Error:
            return  # of a page that is closing
        if not request.url.startswith((self.site + "/", "blob:", "data:", "about:")):
            self.problems.append(f"third party: {request.url}")
