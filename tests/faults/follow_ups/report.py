"""The table in docs/reliability.md, between the markers."""

from __future__ import annotations

import dataclasses
import datetime
import json
from dataclasses import dataclass
from typing import Any

from bondgenoot.settings import ROOT

BEGIN, END = "<!-- make faults: begin -->", "<!-- make faults: end -->"
KEPT = ROOT / "var" / "faults.json"
COLUMNS = ("promised", "asked once", "lost", "doubled", "to another")


@dataclass(frozen=True)
class Result:
    """One line."""

    fault: str
    processes: str
    injected: str
    verdict: dict[str, int]


def table(results: list[Result]) -> str:
    """Markdown: a line a fault, and the sum."""
    lines = [
        f"| fault | processes | injected | {' | '.join(COLUMNS)} |",
        f"| --- | --- | --- | {' | '.join('---' for _ in COLUMNS)} |",
    ]
    for result in results:
        figures = " | ".join(str(result.verdict[name]) for name in COLUMNS)
        lines.append(f"| {result.fault} | {result.processes} | {result.injected} | {figures} |")
    sums = " | ".join(f"**{sum(result.verdict[name] for result in results)}**" for name in COLUMNS)
    lines.append(f"| **all** | | | {sums} |")
    return "\n".join([f"Written by `make faults` on {datetime.date.today()}.", "", *lines])


def keep(result: Result) -> None:
    """Note a line beside those of earlier runs, so that one fault can be run again by itself."""
    kept = {**_kept(), result.fault: dataclasses.asdict(result)}
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps(kept, indent=1), encoding="utf-8")


def _kept() -> dict[str, Any]:
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}


def main() -> None:
    """Put the table in the document."""
    path = ROOT / "docs" / "reliability.md"
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    lines = table([Result(**line) for line in _kept().values()])
    path.write_text(f"{before}{BEGIN}\n{lines}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
