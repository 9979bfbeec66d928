"""The widget's own tests of single modules, written for Node."""

from __future__ import annotations

import re
import subprocess

from bondgenoot import widget_build


def test_the_modules_pass_their_tests() -> None:
    node = widget_build.find_node()
    assert node is not None
    done = subprocess.run([*node.node, "--test"], cwd=widget_build.WIDGET, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    # Node ends well also when it finds nothing to run.
    ran = re.search(r"^(?:#|ℹ) pass (\d+)$", done.stdout, re.MULTILINE)
    assert ran is not None and int(ran[1]) >= 12, done.stdout
