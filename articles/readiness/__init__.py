"""The checklist before publishing: our own lines, those of the rooms above, and who answers for which."""

from articles.readiness.checking import NotReadyError, check, expect_ready, holding_back
from articles.readiness.waivers import waive, withdraw_waiver

__all__ = ["NotReadyError", "check", "expect_ready", "holding_back", "waive", "withdraw_waiver"]
