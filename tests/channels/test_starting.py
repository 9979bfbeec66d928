"""How Rasa's server is started: what stands in the command line is understood as it was meant."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pytest
import rasa.__main__

from channels import serve


def test_a_token_that_begins_with_a_dash_is_no_option(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in 64 of those that are made at the first start."""
    started: list[argparse.Namespace] = []
    monkeypatch.setenv("BONDGENOOT_ACTIONS_URL", "")
    monkeypatch.setenv("BONDGENOOT_AUTH_TOKEN", "-begint-met-een-streepje")
    monkeypatch.setenv("BONDGENOOT_ACTIONS_PORT", "6055")
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setattr(
        rasa.__main__, "main", lambda: started.append(rasa.__main__.create_argument_parser().parse_args(sys.argv[1:]))
    )
    serve.main("a-model.tar.gz")
    (told,) = started
    assert (told.auth_token, told.model, told.enable_api) == ("-begint-met-een-streepje", "a-model.tar.gz", True)
    assert (told.interface, told.port) == ("127.0.0.1", 5005)


def test_the_address_of_the_action_servers_is_filled_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa.core.utils import AvailableEndpoints

    monkeypatch.setattr(rasa.__main__, "main", lambda: None)
    monkeypatch.setattr(sys, "argv", [])
    for environment, url in (
        ({"BONDGENOOT_ACTIONS_PORT": "6055"}, "http://127.0.0.1:6055/webhook"),
        ({"BONDGENOOT_ACTIONS_URL": "http://proxy:8082"}, "http://proxy:8082/webhook"),
    ):
        monkeypatch.setenv("BONDGENOOT_ACTIONS_URL", "")
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        serve.main("a-model.tar.gz")
        read = AvailableEndpoints.read_endpoints("endpoints.yml")
        assert read.action is not None and read.action.url == url
