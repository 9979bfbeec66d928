"""The command line: `python -m bondgenoot start | train | content ... | backup FILE | restore FILE | ...`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bondgenoot import coverage, settings, training, widget_build
from bondgenoot.errors import BondgenootError
from bondgenoot.workshop import check
from bondgenoot.workshop import commands as workshop


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code. A known problem is one clear line, never a stack trace."""
    parser = argparse.ArgumentParser(prog="bondgenoot", description="A reflection chatbot about trust at work.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("start", help="set up what is missing and serve the chat page until Ctrl-C")
    commands.add_parser("cluster", help="the same with two of everything behind nginx, on PostgreSQL and Redis")
    commands.add_parser("train", help="train the model if content or language data changed")
    commands.add_parser("widget", help="build the chat widget's script with Node")
    commands.add_parser("migrate", help="bring the database up to date")
    commands.add_parser("check", help="the same as content check")
    commands.add_parser("coverage", help="write docs/coverage.md: which item of the seeds is found where")
    for name, meaning in {
        "backup": "copy the SQLite database to a new FILE, also while Bondgenoot runs; keys are not in it",
        "restore": "put the database of FILE in place; stop Bondgenoot first, and have the data key of the backup",
    }.items():
        commands.add_parser(name, help=meaning).add_argument("file", type=Path, metavar="FILE")
    workshop.add_commands(commands.add_parser("content", help="the trainers' workshop: check, make, try and publish"))
    parsed = parser.parse_args(arguments)
    command = parsed.command
    try:
        if command == "check" or (command == "content" and parsed.what == "check"):
            return 0 if check.run() else 1
        loaded = settings.load()
        if command == "start":
            # Imported where they are needed: a check answers at once.
            from bondgenoot import launcher

            return launcher.start(loaded)
        if command == "cluster":
            from bondgenoot import cluster

            return cluster.start(loaded)
        if command == "train":
            training.ensure_model(loaded)
        elif command == "widget":
            widget_build.build()
        elif command == "coverage":
            (settings.ROOT / "docs" / "coverage.md").write_text(coverage.table(), encoding="utf-8")
        elif command == "migrate":
            from bondgenoot.store.database import migrate

            migrate(loaded.database_url)
        elif command == "backup":
            from bondgenoot import backup  # brings the database along

            size = backup.backup(loaded, parsed.file)
            print(
                f"{parsed.file}: {size} bytes. The words in it can be read only with the data key "
                f"({loaded.home / 'secrets' / 'data_key'} or BONDGENOOT_DATA_KEY); keep that in another place."
            )
        elif command == "restore":
            from bondgenoot import backup

            backup.restore(loaded, parsed.file)
            print(
                f"Restored {parsed.file}. What was there before stands beside it, in a file ending in .before-restore."
            )
        else:
            workshop.run(parsed, loaded)
    except BondgenootError as error:
        print(f"bondgenoot: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
