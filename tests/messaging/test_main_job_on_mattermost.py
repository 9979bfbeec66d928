"""The whole main job and its follow-up over Mattermost."""

from __future__ import annotations

import pytest
from fixed_clock import FixedClock
from in_process import Trained
from main_job import here, main_job
from mattermost_standin import Mattermost
from serving import start_server


def test_from_hello_to_a_follow_up_on_mattermost(
    trained: Trained, database_url: str, clock: FixedClock, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with here(trained):
        trained.loop.run_until_complete(main_job(Mattermost, trained, clock, monkeypatch, start_server))
