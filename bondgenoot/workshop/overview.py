"""What the workshop page shows of the content: cores, their dilemmas, the practices after them, items of the seeds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bondgenoot import coverage
from bondgenoot.content import Dilemma, Practice, read
from bondgenoot.settings import ROOT

# In the order in which the articles name them.
CORES = ("integrity", "intent", "capabilities", "results")


@dataclass(frozen=True)
class Overview:
    """The content of a project folder as a map. `sources` holds items by 'dilemmas/<id>' and 'practices/<id>'."""

    dilemmas: dict[str, Dilemma]
    practices: dict[str, Practice]
    sources: dict[str, tuple[int, ...]]
    places: dict[int, tuple[str, ...]]
    subjects: dict[int, str]

    def dilemmas_of(self, core: str) -> list[Dilemma]:
        """The dilemmas about a core, by title."""
        return sorted((one for one in self.dilemmas.values() if one.core == core), key=lambda one: one.title)

    def practices_of(self, core: str) -> list[Practice]:
        """The practices that the dilemmas of a core lead to, in the order in which they do."""
        ids = dict.fromkeys(name for dilemma in self.dilemmas_of(core) for name in dilemma.practices)
        return [self.practices[name] for name in ids if name in self.practices]

    def dilemmas_with(self, practice: str) -> list[Dilemma]:
        """The dilemmas that lead to a practice."""
        return [one for one in self.dilemmas.values() if practice in one.practices]

    def items_of(self, where: str) -> tuple[int, ...]:
        """The items of the seeds that a dilemma or practice comes from."""
        return self.sources.get(where, ())


def read_overview(root: Path = ROOT) -> Overview:
    """Read what is right in a project folder; what is wrong is told by `content check`."""
    content, _ = read(root / "content")
    sources = {where: tuple(items) for where, items in coverage.sourced(root)}
    places = {item: tuple(where) for item, where in sorted(coverage.places(root).items())}
    return Overview(content.dilemmas, content.practices, sources, places, coverage.subjects(root))
