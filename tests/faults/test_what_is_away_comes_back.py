"""The action server, the database or Redis is away: one honest sentence, nothing lost, nothing stored by half."""

from __future__ import annotations

import services
from servers import Server, ours

from bondgenoot import texts
from bondgenoot.store.database import migrate

pytest_plugins = ["tiny_fixtures"]

HER = "anna"
APOLOGY = [" ".join(texts.say("error"))]


def said(server: Server, text: str) -> list[str]:
    return [str(message["text"]) for message in server.say(HER, text)]


def stored(server: Server) -> list[str]:
    return [event["text"] for event in server.tracker(HER)["events"] if event["event"] in ("user", "bot")]


def test_an_action_server_that_fails_hangs_dies_or_is_away(tmp_path, tiny_model, actions):
    migrate(f"sqlite:///{tmp_path / 'bondgenoot.db'}")
    with ours(tmp_path, tiny_model, actions, 1, BONDGENOOT_ACTION_SECONDS="4") as (server,):
        assert said(server, "bericht 0") == ["antwoord 0"]
        log = ["bericht 0", "antwoord 0"]
        for number, mode in enumerate(("error", "hangs", "dies", "away"), 1):
            actions.mode = mode
            if mode == "away":
                actions.stop()
            calls = actions.calls
            assert said(server, f"bericht {number}") == APOLOGY, mode
            # No loop of calls to what does not answer.
            assert actions.calls - calls <= 1, mode
            assert stored(server) == log, mode
            actions.mode = "well"
            if mode == "away":
                actions.start()
            # The same message again is answered as if nothing happened, and stands in the log once.
            assert said(server, f"bericht {number}") == [f"antwoord {number}"], mode
            log += [f"bericht {number}", f"antwoord {number}"]
            assert stored(server) == log, mode
        assert server.tracker(HER)["slots"]["counted"] == 5
        assert "bericht 1" not in server.log.read_text()


def test_a_database_or_a_redis_that_goes_away_in_the_middle(tmp_path, tiny_model, actions):
    with services.Postgres() as postgres, services.Redis() as redis:
        migrate(postgres.url)
        shared = {"BONDGENOOT_DATABASE_URL": postgres.url, "BONDGENOOT_REDIS_URL": redis.url}
        with ours(tmp_path, tiny_model, actions, 1, **shared) as (server,):
            assert said(server, "bericht 0") == ["antwoord 0"]
            log = ["bericht 0", "antwoord 0"]
            for number, service in enumerate((postgres, redis), 1):
                service.stop()
                assert said(server, f"bericht {number}") == APOLOGY
                service.start()
                assert said(server, f"bericht {number}") == [f"antwoord {number}"]
                log += [f"bericht {number}", f"antwoord {number}"]
                assert stored(server) == log
            assert server.tracker(HER)["slots"]["counted"] == 3
            assert "bericht 1" not in server.log.read_text()
