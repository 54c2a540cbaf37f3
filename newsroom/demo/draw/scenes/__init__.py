"""The scenes, by subject; loading a module registers its pictures."""

import pkgutil
from importlib import import_module


def load() -> None:
    """Import every module of scenes, so that the registry is full."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
