"""Inert stand-ins for packages that are slow to load and that the work at hand never uses.

A stand-in can be imported, named, inherited from and used as a decorator's name; calling it is what it cannot do.
Then it raises `StandInUsed`, which no `except Exception` swallows, and it writes down that it was used: whoever placed
the stand-ins asks `used()` afterwards, and trusts nothing that came out if it is true.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Collection, Sequence
from typing import Any, NoReturn

_called: list[str] = []


class StandInUsed(BaseException):
    """Something that was thought not to be used is used."""


def place(packages: Collection[str]) -> None:
    """Let every later import of these packages, and of everything in them, give a stand-in."""
    sys.meta_path.insert(0, _Finder(frozenset(packages)))


def used() -> bool:
    """Whether any stand-in was called."""
    return bool(_called)


class _Inert(type):
    """What a stand-in module has: a class with whatever attribute is asked, that cannot be called."""

    def __getattr__(cls, name: str) -> Any:
        return _attribute(cls.__name__, name)

    def __call__(cls, *_: Any, **__: Any) -> NoReturn:
        _called.append(cls.__name__)
        raise StandInUsed(cls.__name__)


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        value = _attribute(self.__name__, name)
        setattr(self, name, value)
        return value


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, packages: frozenset[str]) -> None:
        self._packages = packages

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".")[0] not in self._packages:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""


def _attribute(owner: str, name: str) -> Any:
    # Python asks for names like __wrapped__ by itself, and takes what it gets for true.
    if name.startswith("__"):
        raise AttributeError(name)
    return _Inert(f"{owner}.{name}", (), {})
