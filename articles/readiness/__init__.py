"""The checklist before publishing: our own lines, and those of the rooms above."""

from articles.readiness.checking import NotReadyError, check, expect_ready, holding_back

__all__ = ["NotReadyError", "check", "expect_ready", "holding_back"]
