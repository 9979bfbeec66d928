"""Runs the real `rasa data validate` in several folders: `python real_validation.py FOLDER ...`.

Rasa is loaded once, without any stand-in, and forked for each folder; that saves a quarter of a minute each. What it
prints is in FOLDER/real.log, and its exit code in FOLDER/real.code.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import rasa.__main__
import rasa.validator

from bondgenoot.workshop.verdicts import COMMAND


def validate(folder: Path) -> None:
    os.chdir(folder)
    log = os.open("real.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.argv = ["rasa", *COMMAND]
    code: object = 0
    try:
        rasa.__main__.main()
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    Path("real.code").write_text(str(code), encoding="utf-8")
    os._exit(0)


for name in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        validate(Path(name))
    os.waitpid(child, 0)
