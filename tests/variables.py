"""The environment variables that Newsroom reads, by its settings' own text."""

import re
from pathlib import Path

_SETTINGS = Path(__file__).resolve().parent.parent / "newsroom" / "settings.py"

VARIABLES = frozenset(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', _SETTINGS.read_text(encoding="utf-8")))
