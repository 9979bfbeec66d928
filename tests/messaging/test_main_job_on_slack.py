"""The whole main job and its follow-up over Slack."""

from __future__ import annotations

import pytest
from fixed_clock import FixedClock
from in_process import Trained
from main_job import here, main_job
from serving import start_server
from slack_standin import Slack


def test_from_hello_to_a_follow_up_on_slack(
    trained: Trained, database_url: str, clock: FixedClock, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with here(trained):
        trained.loop.run_until_complete(main_job(Slack, trained, clock, monkeypatch, start_server))
