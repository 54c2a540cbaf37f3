"""How long the long runs are: as long as ``make soak`` says, or as an environment variable has it, to try them out."""

import os

EVERYTHING = bool(os.environ.get("EVERYTHING"))
"""Whether every case is tried where otherwise a part stands for all: in ``.ci/run`` and ``make soak``."""

STEPS = int(os.environ.get("SOAK_STEPS", "6000"))
"""Random steps after which every kept page is compared with a fresh one."""

KILLS = int(os.environ.get("SOAK_KILLS", "100"))
"""Processes killed under load."""

REQUESTS = int(os.environ.get("SOAK_REQUESTS", "20000"))
"""Requests of readers, of whom some write, and of an editor."""
