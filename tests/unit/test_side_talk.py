"""Protests, wishes and announced acts in messages at an open question."""

from __future__ import annotations

import pytest

from bondgenoot import side_talk
from bondgenoot.content import content
from bondgenoot.side_talk import Wish

COUNTRY = content().questions["meet_country"].choices
OFFER = content().questions["offer_answer"].choices


class TestProtest:
    @pytest.mark.parametrize(
        "text",
        [
            "U luistert niet. Ik heb helemaal geen voornemen gemaakt; stopt u daar alstublieft mee.",
            "nee dat neem ik mij helemaal niet voor",
            "nee geen oefening",
            "NIET een oefening",
            "dat bedoel ik niet",
            "nee joh, dat klopt niet",
            "luister je of loop je een lijstje af?",
            "ge antwoordt nie op mijn vraag. kiest gij nu zijn kant of nie?",
            "Pardon? Dit slaat nergens op.",
            "huh we zijn er toch net een aan het maken",
            "nee dat wil ik juist niet",
            "gij verstaat mij niet he",
        ],
    )
    def test_who_was_misread_says_so(self, text: str) -> None:
        assert side_talk.protests(text)

    @pytest.mark.parametrize(
        "text",
        [
            "dat klopt niet met wat ik tegen hem zeg",
            "hij luistert niet naar mij",
            "ik denk dat ik niet goed luister",
            "hij zei: 'dat klopt niet'",
            "dat wil ik niet meer",
            "nee dat bedoel ik niet. het gaat om mijn teamleider, die in het overleg lelijke dingen zegt",
        ],
    )
    def test_what_tells_of_work_is_no_protest(self, text: str) -> None:
        assert not side_talk.protests(text)

    def test_what_comes_after_a_protest_is_told(self) -> None:
        text = "Nee, dat bedoel ik niet. Ik wil dat hij eerlijk zegt waarom."
        assert side_talk.without_protest(text) == "Ik wil dat hij eerlijk zegt waarom."
        assert side_talk.without_protest("Ik wil dat hij eerlijk zegt waarom.") == ""
        assert side_talk.without_protest("Dat was mijn vraag niet. Waarom vraag je dat nu?") == ""

    def test_only_what_was_read_back_is_denied(self) -> None:
        assert side_talk.denies("Nee, dat wil ik niet, dat was gemopper. Ik wil dat hij het eerlijk zegt.")
        assert not side_talk.denies("U slaat mijn vraag over. Maar goed: voor mijn collega's in de raad.")


class TestWish:
    @pytest.mark.parametrize(
        ("text", "intent"),
        [
            ("Dát wil ik. Kan ik dat hier ergens kwijt, een voornemen stond er geloof ik bij die knoppen?", "make_commitment"),
            ("Hoeveel vragen nog, en kunnen wij nu niet gewoon een afspraak vastleggen?", "make_commitment"),
            ("Ik moet eigenlijk gewoon mijn excuses maken aan haar. Kun je me daarmee helpen?", "repair_trust"),
            ("kun je me helpen met excuses maken?", "repair_trust"),
            ("stop maar. hoe zeg ik sorry zonder er een grapje van te maken?", "repair_trust"),
            ("Stop. Ik wil mijn eigen situatie bespreken, geen dag noemen.", "share_dilemma"),
            ("Nee stop. Eerst antwoord: wat bewaar je van mij en hoe verwijder ik het?", "ask_privacy"),
            ("ik wil dit niet meer. wis alles", "delete_data"),
            ("Het menu dan maar, of nee, ik zeg het meteen: ik wil een voornemen maken", "make_commitment"),
            ("stop met die vragen", "stop"),
            ("kunnen we ff stoppen met die vragen aub", "stop"),
            ("pff. laat die vragen maar zitten", "stop"),
        ],
    )  # fmt: skip
    def test_it_is_heard_among_more_words(self, text: str, intent: str) -> None:
        assert side_talk.wish_in(text) == Wish(intent)

    @pytest.mark.parametrize(
        "text",
        [
            "ik wil stoppen met roken en dat is lastig op het werk",
            "mijn collega bood zijn excuses aan maar ik geloof hem niet",
            "hij zei: kunnen we stoppen met die vragen",
            "dan vraag ik: kunnen we dat noteren in het verslag",
            "ik wil geen voornemen maken",
            "ik zou hem vragen of we een afspraak kunnen maken",
            "ik moet mijn excuses maken aan de klant",
            "kan ze mij helpen met het rooster",
            "we stoppen met die vergaderingen op maandag",
        ],
    )
    def test_who_only_tells_wishes_nothing(self, text: str) -> None:
        assert side_talk.wish_in(text) is None

    @pytest.mark.parametrize(
        ("text", "action"),
        [
            ("stop met die vragen. ik wil een voornemen maken. maandag 7 uur met de chef praten", "maandag 7 uur met de chef praten"),
            ("Ik wil hem donderdag bellen, na het overleg, kunnen we dat noteren?", "Ik wil hem donderdag bellen, na het overleg"),
        ],
    )  # fmt: skip
    def test_the_action_goes_along_with_its_day(self, text: str, action: str) -> None:
        assert side_talk.wish_in(text) == Wish("make_commitment", action)

    def test_an_act_behind_a_stop_is_told_from_a_wish_for_a_commitment(self) -> None:
        expected = Wish("make_commitment", "morgen bellen dus", behind_a_stop=True)
        assert side_talk.wish_in("genoeg vragen. morgen bellen dus") == expected

    def test_what_is_told_beside_a_wish_is_the_story(self) -> None:
        text = "nee geen oefening. case: ik had aan sales een datum beloofd en die is niet gehaald"
        assert side_talk.told_beside(text) == "ik had aan sales een datum beloofd en die is niet gehaald"
        assert (
            side_talk.told_beside("ik zit ergens mee. hij praat niet meer") == "ik zit ergens mee. hij praat niet meer"
        )


class TestAct:
    @pytest.mark.parametrize(
        "text",
        [
            "te veel. ik bel hem morgen",
            "kan t gewoon aan dr vragen denk ik bij de lunch",
            "Ik zou dinsdag na schooltijd, want dan is ze er, even met haar kunnen gaan zitten",
        ],
    )
    def test_who_says_what_they_will_do(self, text: str) -> None:
        assert side_talk.announces_act(text)

    @pytest.mark.parametrize(
        "text",
        ["ik zeg altijd wat ik denk", "ik vraag het hem niet", "hij belt mij morgen", "ik zeg al weken niks meer"],
    )
    def test_a_habit_and_what_others_do_are_no_act(self, text: str) -> None:
        assert not side_talk.announces_act(text)


class TestBesideAChoice:
    @pytest.mark.parametrize(
        ("text", "rest"),
        [
            ("nederland. en mn teamleider ziet dit toch niet?", "en mn teamleider ziet dit toch niet?"),
            ("nl. moet ik nu nog wat of is dit t?", "moet ik nu nog wat of is dit t?"),
            ("nederland", ""),
        ],
    )
    def test_the_country_and_more(self, text: str, rest: str) -> None:
        assert side_talk.beside_a_choice(COUNTRY, text) == rest

    def test_a_yes_with_a_question_about_what_is_kept(self) -> None:
        assert side_talk.beside_a_choice(OFFER, "Ja graag, maar wordt de naam dan ook opgeslagen?")
        assert not side_talk.beside_a_choice(OFFER, "nee, wat bedoel je daarmee?")
        assert not side_talk.beside_a_choice(OFFER, "Nee. Hoe bedoel je dat?")
