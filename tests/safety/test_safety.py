"""What the safety net promises: it misses nobody in danger and leaves ordinary talk alone.

The utterances in recall.yml and ordinary.txt were written before the patterns and are no part of them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bondgenoot.errors import ContentError
from bondgenoot.safety import APART, CONTENT, GAP, LONGEST_END, TOPICS, Assessment, Level, SafetyNet

HERE = Path(__file__).parent
RECALL: dict[str, list[str]] = yaml.safe_load((HERE / "recall.yml").read_text(encoding="utf-8"))
ORDINARY = [
    line
    for line in (HERE / "ordinary.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]

MUST_NOT = [
    "ik ben doodmoe van vergaderen",
    "ik ging dood van schaamte",
    "een moordende deadline",
    "dat is politieke zelfmoord",
    "ik kan hem wel wurgen",
    "ik kon uit mijn vel springen",
    "het voelde als een mes in de rug",
    "ze gooiden me voor de bus",
    "het project is doodgebloed",
    "ons budget is opgebrand",
    "ik moest stoom afblazen",
    "geef me een dilemma over fraude",
    "heb je een casus waarin fraude voorkomt",
]
CLEAR = [
    ("iedereen is beter af zonder mij", "crisis"),
    ("Iedereen is beter af zonder mij!!", "crisis"),
    ("ik word al weken doodgezwegen", "harassment"),
    ("ik zit met een dilemma: mijn baas pleegt fraude", "report_wrongdoing"),
    ("ik heb een burn-out", "burnout"),
]
ASK_PLAINLY = [
    "ik zie het niet meer zitten",
    "ik stap eruit",
    "er een eind aan maken",
    "ik kan niet meer",
    "ik ben op",
    "het is genoeg geweest",
    "ik ben niet van plan mezelf iets aan te doen",
]


@pytest.fixture(scope="module")
def net() -> SafetyNet:
    return SafetyNet.load()


def missed(net: SafetyNet, utterances: list[str]) -> list[str]:
    return [text for text in utterances if net.assess(text).level is Level.NONE]


def test_the_lists_are_large_enough() -> None:
    assert all(len(RECALL[topic]) >= 45 for topic in TOPICS)
    assert len(RECALL["ambiguous"]) >= 30
    assert len(ORDINARY) >= 160


def test_no_test_utterance_is_itself_a_pattern() -> None:
    patterns = {line.strip("- \n") for path in CONTENT.glob("*.yml") for line in path.open(encoding="utf-8")}
    utterances = [text for texts in RECALL.values() for text in texts if len(text.split()) > 4]
    copied = [text for text in utterances if text in patterns]
    assert copied == []


def test_every_sign_of_a_crisis_is_noticed(net: SafetyNet) -> None:
    assert missed(net, RECALL["crisis"]) == []


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic != "crisis"] + ["ambiguous"])
def test_nearly_every_signal_is_noticed(net: SafetyNet, topic: str) -> None:
    misses = missed(net, RECALL[topic])
    assert len(misses) <= 0.03 * len(RECALL[topic]), misses


def test_an_ambiguous_signal_gets_a_question_and_no_card(net: SafetyNet) -> None:
    carded = [text for text in RECALL["ambiguous"] if net.assess(text).level is Level.CARD]
    assert len(carded) <= 0.1 * len(RECALL["ambiguous"]), carded


@pytest.mark.parametrize(("level", "share"), [(Level.CARD, 0.01), (Level.CHECK, 0.03)])
def test_ordinary_talk_is_left_alone(net: SafetyNet, level: Level, share: float) -> None:
    stopped = [(text, net.assess(text).phrase) for text in ORDINARY if net.assess(text).level is level]
    assert len(stopped) <= share * len(ORDINARY), stopped


@pytest.mark.parametrize("text", MUST_NOT)
def test_a_figure_of_speech_stops_nothing(net: SafetyNet, text: str) -> None:
    assert net.assess(text) == Assessment()


@pytest.mark.parametrize(("text", "topic"), CLEAR)
def test_a_clear_signal_brings_the_card(net: SafetyNet, text: str, topic: str) -> None:
    found = net.assess(text)
    assert (found.level, found.topic) == (Level.CARD, topic)


@pytest.mark.parametrize("text", ASK_PLAINLY)
def test_a_signal_that_may_mean_two_things_is_asked_about(net: SafetyNet, text: str) -> None:
    assert net.assess(text).level is Level.CHECK


def test_a_denial_hides_nothing_else(net: SafetyNet) -> None:
    found = net.assess("ik ben niet van plan mezelf iets aan te doen, maar ik wil wel dood")
    assert (found.level, found.topic) == (Level.CARD, "crisis")


def test_a_figure_of_speech_hides_nothing_else(net: SafetyNet) -> None:
    found = net.assess("ik kan hem wel wurgen, hij heeft me gisteren geslagen")
    assert (found.level, found.topic) == (Level.CARD, "harassment")


def test_the_most_urgent_topic_comes_first_and_the_other_is_kept(net: SafetyNet) -> None:
    found = net.assess("ik word gepest op het werk en ik wil niet meer leven")
    assert (found.topic, found.also) == ("crisis", ("harassment",))


def test_a_possible_crisis_is_asked_about_before_another_card(net: SafetyNet) -> None:
    found = net.assess("ik heb een burn-out en ik zie het niet meer zitten")
    assert (found.level, found.topic, found.also) == (Level.CHECK, "crisis", ("burnout",))


def test_the_text_of_the_person_is_nowhere_in_the_assessment(net: SafetyNet) -> None:
    found = net.assess("Karel Janssens uit Aalst zei dat hij dood wil")
    assert found.level is Level.CARD
    assert "karel" not in repr(found).casefold()


@pytest.mark.parametrize(
    "text",
    [
        "IK WIL NIET MEER LEVEN",
        "ik wil niéééét meer leeeven",
        "Ik wil... niet meer\nleven",
        "ik wil.. niet meer le\u200bven",
        "kwil nimeer leve",
        "\uff49\uff4b wil niet meer leven",
        "\U0001f614 ik wil niet meer leven \U0001f614",
    ],
)
def test_spelling_does_not_hide_a_signal(net: SafetyNet, text: str) -> None:
    assert net.assess(text).topic == "crisis"


@pytest.mark.parametrize("text", ["", " ", "\n\t", "?!…", "\U0001f642", "\x00", "\ud800", "1234", "مرحبا"])
def test_a_message_without_words_is_no_signal(net: SafetyNet, text: str) -> None:
    assert net.assess(text) == Assessment()


@pytest.mark.parametrize("place", ["start", "end"])
def test_a_signal_at_either_end_of_a_pasted_text_is_noticed(net: SafetyNet, place: str) -> None:
    pasted = "We spraken over de planning van volgende week. " * 2200
    assert len(pasted) > 100_000
    signal = "Ik wil niet meer leven. "
    text = signal + pasted if place == "start" else pasted + signal
    assert net.assess(text).topic == "crisis"
    assert net.assess(pasted) == Assessment()


def test_no_pattern_can_take_more_than_linear_time(net: SafetyNet) -> None:
    """Only bounded gaps and the ending of one word repeat; and no more than both ends of a text are read."""
    bounded = f"(?: [a-z0-9]+){{0,{GAP}}}?", f"(?: [a-z0-9]+){{0,{APART}}}?", "[a-z0-9]*"
    for topic in net._topics:
        for pattern in (*topic.clear, *topic.ambiguous, *topic.denied, *topic.harmless):
            rest = pattern.regex.pattern
            for repeat in bounded:
                rest = rest.replace(repeat, "")
            assert not re.search(r"[*+{]|\)\?", rest), pattern.source
            assert pattern.source.count("~") <= 4, pattern.source
    assert LONGEST_END <= 10_000


STORY = "een zin van genoeg woorden om te wegen"


def test_the_second_line_shows_the_card_when_the_classifier_is_sure(net: SafetyNet) -> None:
    assert net.second_line(STORY, 0.97, {"harassment": 0.7}) == Assessment(Level.CARD, "harassment")
    assert net.second_line(STORY, 0.05, {"thank": 0.99}) == Assessment()
    assert net.second_line(STORY, 0.0, {}) == Assessment()


def test_the_second_line_asks_when_it_is_distress_but_not_clear_which(net: SafetyNet) -> None:
    spread = {"crisis": 0.1, "burnout": 0.2, "safety_check": 0.06}
    assert net.second_line(STORY, 0.97, spread) == Assessment(Level.CHECK, "burnout")
    assert net.second_line(STORY, 0.7, {"harassment": 0.7}) == Assessment(Level.CHECK, "harassment")
    assert net.second_line(STORY, 0.3, {"crisis": 0.4}) == Assessment()


def test_the_second_line_is_careful_with_few_words_and_with_what_is_clearly_something_else(net: SafetyNet) -> None:
    assert net.second_line("ze lachten", 0.7, {"harassment": 0.5}) == Assessment()
    assert net.second_line("help mij", 0.95, {"crisis": 0.4}) == Assessment(Level.CHECK, "crisis")
    assert net.second_line(STORY, 0.8, {"burnout": 0.3, "cancel_commitment": 0.5}) == Assessment()
    assert net.second_line(STORY, 0.8, {"burnout": 0.3, "answer": 0.7}) == Assessment()
    # While an open question waits, a story about others is likely its answer; never where it is about the person's life.
    assert net.second_line(STORY, 0.6, {"harassment": 0.4}, answering=True) == Assessment()
    assert net.second_line(STORY, 0.75, {"harassment": 0.4}, answering=True) == Assessment(Level.CHECK, "harassment")
    assert net.second_line(STORY, 0.6, {"crisis": 0.5}, answering=True) == Assessment(Level.CHECK, "crisis")
    assert net.second_line("hij gooide mij weer voor de bus", 0.8, {"harassment": 0.4}) == Assessment()


def test_the_second_line_weighs_the_classifier_beside_the_judge(net: SafetyNet) -> None:
    """Judge, safety intents and 'no answer' together; for an open question, a plan or a request a little more."""
    faint = {"harassment": 0.2, "answer": 0.2}
    assert net.second_line(STORY, 0.8, faint) == Assessment()
    assert net.second_line(STORY, 0.8, {"harassment": 0.4}) == Assessment(Level.CHECK, "harassment")
    assert net.second_line(STORY, 0.66, {"burnout": 0.4}) == Assessment(Level.CHECK, "burnout")
    assert net.second_line(STORY, 0.66, {"burnout": 0.4}, answering=True) == Assessment()
    assert net.second_line(STORY, 0.66, {"burnout": 0.3, "crisis": 0.2}, answering=True) == Assessment(
        Level.CHECK, "burnout"
    )
    assert net.second_line(STORY, 0.8, {"crisis": 0.41, "answer": 0.24}, answering=True).topic == "crisis"


@pytest.mark.parametrize(
    "text",
    [
        "what do you need from me to trust the date",
        "ik zeg net dat het voor mezelf is, wat heb je daar nou aan",
        "als hij zo begint, dan knapt er iets bij mij",
        "dat ik ga schreeuwen",
        "misschien zit het aan mij, ik heb mijn bril niet op",
    ],
)
def test_words_that_stand_there_by_coincidence_are_no_signal(net: SafetyNet, text: str) -> None:
    assert net.assess(text) == Assessment()


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("dat is bij ons op de afdeling een echte me too zaak", "harassment"),
        ("hij zit steeds aan mij", "harassment"),
        ("er knapte iets in mij", "burnout"),
        ("niemand ziet dat ik gepest word", "harassment"),
        ("ik durf niks te zeggen over het geweld thuis", "harassment"),
    ],
)
def test_what_looks_like_coincidence_or_denial_and_is_none(net: SafetyNet, text: str, topic: str) -> None:
    found = net.assess(text)
    assert found.topic == topic
    assert not net.is_denial(found)


def test_words_of_the_assistant_count_only_where_they_are_not_its_echo(net: SafetyNet) -> None:
    echo = {"harassment": "Geweld thuis: bel 1712"}
    assert net.assess("dat geweld thuis op je lijstje", echo) == Assessment()
    assert net.assess("hij gebruikt geweld tegen mij", echo).level is Level.CARD


def test_a_card_that_nothing_else_speaks_for_becomes_a_question(net: SafetyNet) -> None:
    card = Assessment(Level.CARD, "harassment", "x")
    question = Assessment(Level.CHECK, "harassment", "x")
    assert net.doubted(card, 0.03, words=4) == question
    assert net.doubted(card, 0.25, words=4) == card  # of few words the judge sees little
    assert net.doubted(card, 0.25, words=20) == question
    assert net.doubted(card, 0.5, words=20) == card
    # A likely story about work gets no question either, but not of few words, and not where the judge sees distress.
    assert net.doubted(card, 0.25, words=20, answer=0.5) == Assessment()
    assert net.doubted(card, 0.03, words=4, answer=0.5) == question
    assert net.doubted(card, 0.5, words=20, answer=0.5) == card
    crisis = Assessment(Level.CARD, "crisis", "x")
    assert net.doubted(crisis, 0.2, words=20) == crisis
    assert net.doubted(crisis, 0.0, words=4) == crisis
    # Many words in which the judge sees nothing at all: the phrase stands there by coincidence, and it is asked.
    assert net.doubted(crisis, 0.05, words=20) == Assessment(Level.CHECK, "crisis", "x")


def content(folder: Path, **changed: str) -> Path:
    files = {name: "clear: []\n" for name in TOPICS}
    files |= {
        "spelling": "words: {}\ngroups: {}\n",
        "thresholds": "card: 0.9\ntopic: 0.6\ncheck: 0.5\ntogether: 0.6\nanswering: 0.7\ndoubt: 0.1\ncoincidence: 0.1\nambiguous: 0.1\nother: 0.3\nanswer: 0.4\ntold: 0.4\n",
    } | changed
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "text", "named"),
    [
        ("crisis", "clear:\n  - goed\n  - (baas|chef\n", "haakje"),
        ("crisis", "clear:\n  - goed\n  - baas|chef\n", "haakjes"),
        ("crisis", "clear:\n  - goed\n  - wil ~\n", "voor en na ~"),
        ("crisis", "clear:\n  - goed\n  - <niemand> wil\n", "bestaat niet"),
        ("crisis", "clear:\n  - goed\n  - wil [a-z]+\n", "'['"),
        ("crisis", "clear:\n  - goed\n  - (wil|)\n", "ten minste één woord"),
        ("crisis", "clear:\n  - goed\n  - een & twee & drie\n", "hoogstens één keer"),
        ("crisis", "clear:\n  - goed\n  - ''\n", "leeg"),
        ("harassment", "clear:\n  - goed\nonbekend:\n  - woord\n", "kies uit"),
        ("burnout", "- goed\n", "begin met"),
        ("report_wrongdoing", "clear: [\n", "geen geldige YAML"),
        ("spelling", "words:\n  ni: niet\ngroups:\n  zelf: (mij\n", "haakje"),
        (
            "thresholds",
            "card: hoog\ntopic: 0.6\ncheck: 0.35\ndoubt: 0.1\nambiguous: 0.1\nother: 0.3\nanswer: 0.4\n",
            "tussen 0 en 1",
        ),
    ],
)
def test_a_bad_entry_is_named_with_a_remedy(tmp_path: Path, file: str, text: str, named: str) -> None:
    with pytest.raises(ContentError) as error:
        SafetyNet.load(content(tmp_path, **{file: text}))
    assert f"{file}.yml" in str(error.value)
    assert named in str(error.value)
    if "goed" in text and file == "crisis":
        assert f"{file}.yml:3" in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (content(tmp_path) / "burnout.yml").unlink()
    with pytest.raises(ContentError, match=r"burnout\.yml"):
        SafetyNet.load(tmp_path)


def test_a_trainer_adds_a_phrase_without_code(tmp_path: Path) -> None:
    net = SafetyNet.load(content(tmp_path, burnout="clear:\n  - ik ben ~ uitgewoond\n"))
    found = net.assess("Ik ben echt helemaal uitgewoond.")
    assert found == Assessment(Level.CARD, "burnout", "ik ben ~ uitgewoond")
    assert net.assess("ik ben. Het huis is uitgewoond.") == Assessment()


def test_a_star_before_a_word_stands_for_any_beginning(tmp_path: Path) -> None:
    net = SafetyNet.load(content(tmp_path, burnout='clear:\n  - "ik haat dat *overleg"\n'))
    assert net.assess("ik haat dat werkoverleg").topic == net.assess("Ik haat dat overleg.").topic == "burnout"
    assert net.assess("ik haat dat overleggen") == Assessment()
