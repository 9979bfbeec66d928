"""What a person reads stands in content/ and data/, never in Python."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bondgenoot.settings import ROOT

FOLDERS = ("bondgenoot", "actions", "components", "channels")
# Words that nearly every Dutch sentence has two of, and English or SQL has none of.
DUTCH = frozenset(
    [
        "het",
        "een",
        "je",
        "niet",
        "wat",
        "voor",
        "de",
        "van",
        "dat",
        "dit",
        "ik",
        "jij",
        "jouw",
        "jullie",
        "wij",
        "zijn",
        "met",
        "aan",
        "bij",
        "naar",
        "ook",
        "maar",
        "nog",
        "wel",
        "geen",
        "maak",
        "kies",
        "deze",
        "hier",
        "mijn",
        "hoe",
        "waar",
        "wordt",
        "kan",
        "moet",
        "wil",
        "graag",
        "alles",
        "iets",
    ]
)
# Words that people type, as the code has to know them to understand a date.
TYPED_BY_PEOPLE = {"bondgenoot/dutch_calendar.py", "bondgenoot/dates.py"}
# What a trainer is told about the safety lists, which are checked where they are read: the text of a ContentError,
# the problems that it is made of, and the errors of the notation that become one.
FOR_TRAINERS = {"bondgenoot/safety.py": ("ContentError", "problems.append", "ValueError")}
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, text) of every string in the code that is no docstring; a formatted string counts as one."""
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    parts = {id(part) for node in joined for part in node.values}
    for node in joined:
        yield node.lineno, " ".join(part.value for part in node.values if isinstance(part, ast.Constant))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | parts:
            yield node.lineno, node.value


def is_dutch(text: str) -> bool:
    words = {word.strip(".,:;?!\"'“”()").lower() for word in text.split()}
    return len(words & DUTCH) >= 2


def without_calls_of(names: Sequence[str], tree: ast.Module) -> ast.Module:
    """The tree without the arguments of calls of `names`, as in `raise ContentError(...)`."""

    class Remover(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            self.generic_visit(node)
            if ast.unparse(node.func) in names:
                node.args = []
            return node

    return Remover().visit(tree)  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_dutch_sentence_stands_in_python(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    if name in TYPED_BY_PEOPLE:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if name in FOR_TRAINERS:
        tree = without_calls_of(FOR_TRAINERS[name], tree)
    assert [f"{name}:{line}: {text}" for line, text in sentences(tree) if is_dutch(text)] == []


def test_the_exceptions_exist() -> None:
    assert {*TYPED_BY_PEOPLE, *FOR_TRAINERS} <= {str(path.relative_to(ROOT)) for path in FILES}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("say('Wat wil je doen?')", True),
        ("say(f'Je koos {x}, wat wil je nu?')", True),
        ("x = ('Ik weet het '\n 'nog niet')", True),
        ("def f():\n    '''Wat wil je doen?'''", False),
        ("raise ContentError(f'dit is niet wat je wilt')", False),
        ("say('What do you want to do with it?')", False),
        ("x = r'(?:/|op|van)\\s*(?:de\\s*)?10'", False),
        ("x = ('een', 'twee', 'het')", False),
    ],
)
def test_the_scan_tells_dutch_from_the_rest(code: str, found: bool) -> None:
    tree = without_calls_of(["ContentError"], ast.parse(code))
    assert any(is_dutch(text) for _, text in sentences(tree)) is found


def test_the_plain_package_imports_neither_rasa_nor_sanic() -> None:
    wrong = []
    for path in (ROOT / "bondgenoot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            wrong += [f"{path}: {name}" for name in names if name.split(".")[0] in ("rasa", "rasa_sdk", "sanic")]
    assert wrong == []
