"""Rasa's own validation in seconds: `python -m components.quick_validation CACHE`, in the folder of a project.

It runs what `rasa data validate --fail-on-warnings` runs, by the same functions, and prints the same. Two things make
it quick, and neither may change what is found (tests/workshop/test_quick_validation.py holds both beside each other):

- TensorFlow and its like, which the validation never calls, are stand-ins; loading them is most of the real command;
- what Rasa works out several times over from the same text is worked out once. Which text passed the schema of its
  kind is also remembered in the file CACHE.

The exit code is PASSED or REFUSED. Any other code says that nothing is known, and then the real command has to be run.
"""

from __future__ import annotations

import argparse
import copy
import functools
import gc
import hashlib
import logging
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bondgenoot.workshop.verdicts import COMMAND, PASSED, REFUSED, UNKNOWN
from components import stand_ins

NEVER_USED = frozenset(
    "tensorflow tensorflow_addons tensorflow_hub tensorflow_text keras jax "
    "sklearn scipy spacy matplotlib networkx".split()
)


def main(cache: Path) -> int:
    """Validate the project in this folder; returns the exit code."""
    # The process is short and keeps nearly all that it makes.
    gc.disable()
    stand_ins.place(NEVER_USED)
    try:
        passed = _validate(cache)
    except BaseException:
        # Whatever it is, it need not be what the real command says.
        traceback.print_exc()
        return UNKNOWN
    if stand_ins.used():
        return UNKNOWN
    return PASSED if passed else REFUSED


def _validate(cache: Path) -> bool:
    import rasa.cli.data
    import rasa.utils.io
    from rasa.shared.exceptions import RasaException
    from rasa.shared.utils.cli import print_error
    from rasa.utils.common import configure_logging_and_warnings

    # As rasa.__main__ does; what it sets up beyond this, such as telemetry, finds nothing.
    configure_logging_and_warnings(None, None, warn_only_once=True, filter_repeated_logs=True)
    sys.path.insert(1, os.getcwd())
    parser = argparse.ArgumentParser()
    rasa.cli.data.add_subparser(parser.add_subparsers(), parents=[])
    parsed = parser.parse_args(COMMAND)
    rasa.utils.io.configure_colored_logging(None)
    remembered = _Remembered(cache)
    _work_out_once(remembered)
    try:
        parsed.func(parsed)
    except RasaException as error:
        print_error(f"{error.__class__.__name__}: {error}")
        return False
    except SystemExit as end:
        return not end.code
    finally:
        remembered.keep()
    return True


def _work_out_once(remembered: _Remembered) -> None:
    """Replace what is slow in Rasa by what gives the same."""
    import rasa.shared.importers.utils
    import rasa.shared.utils.io
    import rasa.shared.utils.validation
    from rasa.shared.nlu.training_data.message import Message

    read_nlu = rasa.shared.importers.utils.training_data_from_paths
    # Read for the domain, and again for the examples; whoever gets it copies it before changing anything.
    data_of = functools.lru_cache(read_nlu)
    rasa.shared.importers.utils.training_data_from_paths = lambda paths, language: data_of(tuple(paths), language)
    rasa.shared.utils.io.read_yaml = _reading_once(rasa.shared.utils.io.read_yaml)
    rasa.shared.utils.validation.validate_yaml_schema = remembered.validating(
        rasa.shared.utils.validation.validate_yaml_schema
    )
    set_anew = Message.set

    def set_if_new(self: Message, prop: str, info: Any, add_to_output: bool = False) -> None:
        # Rasa strips every name once more at every merge, and then forgets the fingerprint that it had.
        if add_to_output or not isinstance(info, str) or self.data.get(prop) != info:
            set_anew(self, prop, info, add_to_output)

    def copied(self: Message, memo: dict[int, Any]) -> Message:
        made = object.__new__(type(self))
        vars(made).update({name: _copied(value, memo) for name, value in vars(self).items()})
        return made

    Message.set = set_if_new
    Message.__deepcopy__ = copied


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    """A copy as `copy.deepcopy` makes it, sooner for the plain things that most of a message is made of."""
    kind = type(value)
    if value is None or kind is str or kind is int:
        return value
    if kind is dict:
        return {name: _copied(part, memo) for name, part in value.items()}
    if kind is set and all(type(part) is str for part in value):
        return set(value)
    return copy.deepcopy(value, memo)


def _reading_once(read_yaml: Callable[..., Any]) -> Callable[..., Any]:
    """`read_yaml`, that parses each text once; everybody gets a copy of their own."""
    known: dict[str, bytes] = {}

    def read(content: str, reader_type: str | list[str] = "safe") -> Any:
        if reader_type != "safe":
            return read_yaml(content, reader_type)
        if content not in known:
            known[content] = pickle.dumps(read_yaml(content))
        return pickle.loads(known[content])  # noqa: S301 - made two lines above

    return read


class _Remembered:
    """Which texts passed which schema of Rasa, as digests. What did not pass is never remembered."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._before = frozenset(path.read_text(encoding="utf-8").split())
        except (OSError, UnicodeDecodeError):
            self._before = frozenset()
        self._now: set[str] = set()

    def validating(self, validate: Callable[..., None]) -> Callable[..., None]:
        """`validate`, that does not look again at a text that passed."""
        import pykwalify
        import rasa
        import ruamel.yaml

        versions = (rasa.__version__, ruamel.yaml.__version__, pykwalify.__version__, sys.version)

        def validating(yaml_file_content: str, schema_path: str, package_name: str = "rasa") -> None:
            key = "\0".join((*versions, package_name, schema_path, yaml_file_content))
            digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
            if digest not in self._before and digest not in self._now:
                validate(yaml_file_content, schema_path, package_name)
            self._now.add(digest)

        return validating

    def keep(self) -> None:
        """Write down what passed this time; what is not there any more is forgotten."""
        if self._now == self._before:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            partly = self._path.with_suffix(f".{os.getpid()}")
            partly.write_text("\n".join(sorted(self._now)), encoding="utf-8")
            partly.replace(self._path)
        except OSError as problem:
            logging.getLogger(__name__).debug("not remembered: %s", problem)


if __name__ == "__main__":
    code = main(Path(sys.argv[1]))
    sys.stdout.flush()
    sys.stderr.flush()
    # Nothing is left to tidy up, and Rasa's own tidying up takes time.
    os._exit(code)
