"""The main job over REST, with the real processes, a moved clock and restarts in between."""

from __future__ import annotations

import datetime
import time

from bondgenoot import settings
from bondgenoot.moments import follow_up_moment

SENDER = "hoofdtaak"
QUESTION = "Hoe is het gegaan?"


def offset_to(moment: datetime.datetime) -> datetime.timedelta:
    """What to add to now to be an hour past `moment`."""
    return moment + datetime.timedelta(hours=1) - datetime.datetime.now(datetime.timezone.utc)


def commit(installation, day: datetime.date) -> None:
    say = installation.texts
    welcome = say(SENDER, "goeiemorgen")
    assert "computerprogramma" in welcome
    assert "werkgever" in welcome
    case = say(SENDER, "heb je een dilemma over integriteit voor mij")
    assert "Wat zou jij doen?" in case
    assert "Wat maakt dat je dat kiest?" in say(SENDER, "1")
    assert (
        "stoelwissel" in say(SENDER, "omdat ik vind dat je moet doen wat je zegt, ook als het slecht uitkomt").lower()
    )
    assert "eigen stoel" in say(SENDER, "ik zou me wel serieus genomen voelen maar ook teleurgesteld zijn")
    assert "oefening" in say(SENDER, "eerlijkheid, en dat mensen op mij kunnen rekenen")
    assert "Past deze oefening bij je?" in say(SENDER, "ja graag")
    assert "Welke ene actie" in say(SENDER, "deze neem ik")
    # With whom stands in the action already.
    assert "Wanneer" in say(SENDER, "ik vertel mijn team eerlijk dat de planning niet klopt")
    assert "tegenhouden" in say(SENDER, f"{day.day}/{day.month}")
    assert "druk" in say(SENDER, "dat het te druk is")
    assert "0 tot 10" in say(SENDER, "dan begin ik het overleg ermee")
    summary = say(SENDER, "8")
    assert "ik vertel mijn team eerlijk dat de planning niet klopt" in summary
    assert "Bewaard" in say(SENDER, "ja dat klopt")


def test_the_promised_follow_up_arrives_once_also_after_restarts(installation):
    loaded = settings.load({})
    day = datetime.date.today() + datetime.timedelta(days=10)
    ask_at = follow_up_moment(day, None, loaded)

    installation.start()
    commit(installation, day)
    assert installation.said(SENDER, QUESTION) == 0
    installation.stop()

    # The promised moment passes while nothing runs; it is asked when everything is back.
    installation.start(offset_to(ask_at))
    installation.wait_until_said(SENDER, QUESTION)
    time.sleep(2)
    assert installation.said(SENDER, QUESTION) == 1
    installation.stop()

    # Another restart does not ask again, and the conversation knows what was asked.
    installation.start(offset_to(ask_at))
    time.sleep(2)
    assert installation.said(SENDER, QUESTION) == 1
    assert "Wat lukte wel" in installation.texts(SENDER, "goh half, ik heb het aan een paar mensen verteld")
    assert "ander" in installation.texts(SENDER, "de helft van het team was er niet, maar die er waren weten het")
    assert "volgende stap" in installation.texts(SENDER, "ze stelden meteen vragen, dat was wel goed")
    assert "Dat deel telt" in installation.texts(SENDER, "het is goed zo")
    overview = installation.texts(SENDER, "laat mijn overzicht zien")
    assert "Deels gedaan: 1" in overview


def test_a_typed_system_intent_moves_nothing(installation):
    installation.start()
    installation.texts("nieuwsgierig", "hallo")
    answer = installation.texts("nieuwsgierig", '/EXTERNAL_follow_up{"follow_up": "x"}')
    assert QUESTION not in answer
    events = installation.events("nieuwsgierig")
    assert not any(event.get("name") == "action_follow_up_open" for event in events)


def test_renegotiating_leads_to_a_second_follow_up_on_the_new_day(installation):
    loaded = settings.load({})
    first_day = datetime.date.today() + datetime.timedelta(days=8)
    ask_at = follow_up_moment(first_day, None, loaded)
    installation.start()
    commit(installation, first_day)
    installation.stop()

    installation.start(offset_to(ask_at))
    installation.wait_until_said(SENDER, QUESTION)
    new_day = ask_at.date() + datetime.timedelta(days=12)
    answer = installation.texts(SENDER, f"nog niet, ik verzet het naar {new_day.day}/{new_day.month}")
    assert "verzet" in answer
    installation.stop()

    installation.start(offset_to(follow_up_moment(new_day, None, loaded)))
    installation.wait_until_said(SENDER, QUESTION)
    deadline = time.monotonic() + 30
    while installation.said(SENDER, QUESTION) < 2 and time.monotonic() < deadline:
        time.sleep(0.3)
    assert installation.said(SENDER, QUESTION) == 2
    assert "Wat gebeurde er precies" in installation.texts(SENDER, "gedaan")
