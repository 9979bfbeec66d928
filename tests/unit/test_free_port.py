"""Tests that run at once, in one process or in two, are never given the same port."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import services

MANY = 200  # of 12,000: two processes that did not know of each other would meet
OF_ANOTHER_PROCESS = f"""
import sys, services
print(*(services.free_port() for _ in range({MANY})), flush=True)
sys.stdin.read()
"""


def test_no_two_processes_are_given_the_same_port() -> None:
    tests = Path(services.__file__).parent
    with subprocess.Popen(
        [sys.executable, "-c", OF_ANOTHER_PROCESS], cwd=tests, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        theirs = set(map(int, other.stdout.readline().split()))
        ours = {services.free_port() for _ in range(MANY)}
        other.communicate()
    assert len(theirs) == len(ours) == MANY
    assert not theirs & ours
