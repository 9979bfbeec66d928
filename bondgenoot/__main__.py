"""The command line: `python -m bondgenoot start | train | migrate | check`."""

from __future__ import annotations

import argparse
import sys

from bondgenoot import coverage, launcher, settings, training
from bondgenoot.content import content
from bondgenoot.errors import BondgenootError
from bondgenoot.safety import SafetyNet
from bondgenoot.store.database import migrate


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code. A known problem is one clear line, never a stack trace."""
    parser = argparse.ArgumentParser(prog="bondgenoot", description="A reflection chatbot about trust at work.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("start", help="set up what is missing and serve the chat page until Ctrl-C")
    commands.add_parser("train", help="train the model if content or language data changed")
    commands.add_parser("migrate", help="bring the database up to date")
    commands.add_parser("check", help="check everything in content/, without training")
    commands.add_parser("coverage", help="write docs/coverage.md: which item of the seeds is found where")
    command = parser.parse_args(arguments).command
    try:
        loaded = settings.load()
        if command == "start":
            return launcher.start(loaded)
        if command == "train":
            training.ensure_model(loaded)
        elif command == "coverage":
            (settings.ROOT / "docs" / "coverage.md").write_text(coverage.table(), encoding="utf-8")
        elif command == "migrate":
            migrate(loaded.database_url)
        else:
            found = content()
            SafetyNet.load()
            print(
                f"content/ is in order: {len(found.dilemmas)} dilemmas, {len(found.practices)} practices, "
                f"{len(found.questions)} questions, {len(found.texts)} texts."
            )
    except BondgenootError as error:
        print(f"bondgenoot: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
