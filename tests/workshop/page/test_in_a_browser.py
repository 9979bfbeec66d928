"""What a trainer sees and does on the workshop page, in a real browser; and what nobody else sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from chat_window import token_for
from conftest import Site
from fixed_clock import FixedClock
from playwright.sync_api import BrowserContext, Page, expect
from real_browser import findings

from bondgenoot.settings import Settings
from bondgenoot.store.shared_sentences import LEAST_PEOPLE
from bondgenoot.workshop import confusion

Share = Callable[..., None]
Context = Callable[..., BrowserContext]
TRAINER = {"roles": ["iets", "trainer"]}
# Sentences that no training sentence resembles.
SENTENCES = [
    "waar zet ik mijn fiets in de ondergrondse stalling",
    "de koffieautomaat slikt alweer muntjes in",
    "welke kleur krijgt het nieuwe vergaderlokaal",
    "ons zwembad op het dak lekt precies",
    "hoe sorteer ik de plastic doppen beneden",
    "is de kantine open tijdens het kerstverlof",
    "mijn badge piept raar aan de zijdeur",
    "de lift stopt niet meer op verdieping twee",
    "wie geeft de planten water in augustus",
    "kan het raam van de refter op slot",
]
WATCH = """window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.blockedURI));"""


class Trainer:
    """A trainer's window. Watches what must never happen."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site, self.page = site, context.new_page()
        self.hosts: set[str] = set()
        self.page.on("request", lambda request: self.hosts.add(request.url.split("/")[2].split(":")[0]))
        self.page.add_init_script(WATCH)

    def go(self, path: str = "/workshop/") -> Page:
        self.page.goto(self.site.url + path)
        return self.page

    def sign_in(self, token: str) -> Page:
        self.go()
        self.page.get_by_label("Bewijs").fill(token)
        self.page.get_by_role("button", name="Meld aan").click()
        return self.page

    def heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)

    def check(self) -> None:
        assert self.page.evaluate("window.violations") == []
        assert self.hosts == {"127.0.0.1"}


@pytest.fixture
def trainer(login: None, site: Site, context: Context) -> Any:
    made = Trainer(site, context())
    made.sign_in(token_for("trees", **TRAINER))
    made.heading("De inhoud op een kaart")
    yield made
    made.check()


def ten(share: Share, count: int = LEAST_PEOPLE) -> None:
    for number in range(count):
        share(f"person-{number}", SENTENCES[number], "start_dilemma" if number == 0 else "")


def test_the_content_is_a_map_from_cores_to_items(trainer: Trainer) -> None:
    page = trainer.page
    assert page.locator("h2").all_inner_texts() == [
        "Kern: integriteit",
        "Kern: intentie",
        "Kern: capaciteiten",
        "Kern: resultaten",
    ]
    picture = page.get_by_role("region", name="Kaart van integriteit")
    assert picture.locator("svg path.line").count() >= 6
    # By keyboard: a box of the picture is a link.
    picture.get_by_role("link", name="Acht tegen één").focus()
    page.keyboard.press("Enter")
    trainer.heading("Dilemma: Acht tegen één")
    page.locator("main ul").last.get_by_role("link").first.click()
    trainer.heading("Oefening:")
    page.get_by_role("link", name="Acht tegen één").wait_for()
    page.locator("main").get_by_role("link", name="61", exact=True).or_(
        page.locator('main a[href^="/workshop/item/"]').first
    ).first.click()
    trainer.heading("Punt ")
    expect(page.locator("main li").first).to_be_visible()


def test_the_words_below_a_picture_say_what_is_on_it(trainer: Trainer) -> None:
    for section in trainer.page.locator("main section").all():
        drawn = {link.get_attribute("href") for link in section.locator("svg a").all()}
        told = {link.get_attribute("href") for link in section.locator(".tree a").all()}
        assert drawn == told
        assert len(drawn) > 10


def test_coverage_is_a_picture_and_a_table(trainer: Trainer) -> None:
    page = trainer.page
    page.get_by_role("link", name="Dekking").click()
    trainer.heading("Dekking")
    assert page.locator("svg a").count() == 79 == page.locator("tbody tr").count()
    drawn = page.locator('svg a[href="/workshop/item/36"] .count').text_content()
    row = page.locator("tbody tr", has=page.get_by_role("rowheader", name="36", exact=True))
    about, count = row.locator("td").nth(0).inner_text(), row.locator("td").nth(1).inner_text()
    assert about == "A: ben je vanbinnen en vanbuiten dezelfde?"
    assert f"{count}×" == drawn
    row.get_by_role("link", name="Acht tegen één").click()
    trainer.heading("Acht tegen één")


def test_confusion_is_a_picture_and_a_table_once_it_is_measured(
    trainer: Trainer, settings: Settings, clock: FixedClock
) -> None:
    page = trainer.page
    page.get_by_role("link", name="Verwarring").click()
    expect(page.locator("main")).to_contain_text("make measure")
    readings = [("hoi <b>daar</b>", "greet", "goodbye"), ("hallo", "greet", "greet"), ("dag dan", "goodbye", "greet")]
    confusion.keep(settings, "een-model.tar.gz", [*readings, ("stop", "stop", "stop")], clock.now())
    page.reload()
    expect(page.locator("main")).to_contain_text("een-model.tar.gz 4 testzinnen")
    expect(page.locator("main")).to_contain_text("50,0 %")
    assert page.locator("svg text.row").all_text_contents() == ["goodbye", "greet"]
    assert page.locator("svg rect.wrong").count() == 2
    assert page.locator("svg text.count.right").all_text_contents() == ["1"]
    row = page.locator("tbody tr").filter(has=page.get_by_role("rowheader", name="greet"))
    assert row.locator("td").all_inner_texts() == ["goodbye", "1", "“hoi <b>daar</b>”"]


def test_nine_people_show_nothing_and_ten_show_sentences_in_no_order(trainer: Trainer, share: Share) -> None:
    ten(share, LEAST_PEOPLE - 1)
    # More sentences of one person make no tenth person.
    share("person-0", "nog een losse zin over parkeren")
    page = trainer.page
    page.get_by_role("link", name="Onbegrepen zinnen").click()
    trainer.heading("Onbegrepen zinnen")
    expect(page.locator("main")).to_contain_text("minstens 10 mensen")
    assert page.locator("main form").count() == 0
    assert "parkeren" not in page.content() and "lift" not in page.content()
    share("person-9", SENTENCES[9])
    orders = set()
    for _ in range(4):
        page.reload()
        shown = [field.input_value() for field in page.locator('input[name="sentence"]').all()]
        assert sorted(shown) == sorted([*SENTENCES, "nog een losse zin over parkeren"])
        orders.add(tuple(shown))
    assert len(orders) > 1
    assert "person-" not in page.content() and "2026" not in page.content()


def test_filing_a_sentence_writes_the_yaml_and_takes_it_out_of_the_inbox(trainer: Trainer, share: Share) -> None:
    ten(share)
    share("person-10", "de printer op de gang spreekt spaans")
    page = trainer.go("/workshop/inbox")
    form = page.locator("form", has=page.locator(f'input[value="{SENTENCES[0]}"]'))
    # The model's first thought is chosen already: one click.
    assert form.locator("select").input_value() == "start_dilemma"
    form.get_by_role("button", name="Zet bij de voorbeelden").click()
    told = page.get_by_role("status").inner_text()
    assert f"“{SENTENCES[0]}” staat nu op data/nlu/" in told
    path, _, line = told.partition(" op ")[2].partition(". ")[0].partition(":")
    written = (trainer.site.root / path).read_text(encoding="utf-8").splitlines()
    assert written[int(line) - 1].strip() == f"- {SENTENCES[0]}"
    assert page.locator(f'input[value="{SENTENCES[0]}"]').count() == 0
    assert page.locator('input[name="sentence"]').count() == LEAST_PEOPLE


def test_what_cannot_be_filed_is_told_in_words_and_stays(trainer: Trainer, share: Share) -> None:
    ten(share)
    page = trainer.go("/workshop/inbox")
    form = page.locator("form", has=page.locator(f'input[value="{SENTENCES[0]}"]'))
    form.locator('input[name="sentence"]').fill("hallo")
    form.get_by_role("button", name="Zet bij de voorbeelden").click()
    expect(page.get_by_role("alert")).to_contain_text("“greet”")
    form = page.locator("form", has=page.locator('input[value="hallo"]'))
    assert form.locator("select").input_value() == "start_dilemma"
    form = page.locator("form", has=page.locator(f'input[value="{SENTENCES[1]}"]'))
    form.get_by_role("button", name="Zet bij de voorbeelden").click()
    expect(page.get_by_role("alert")).to_contain_text("Kies eerst een bedoeling")
    assert page.locator('input[name="sentence"]').count() == LEAST_PEOPLE


def test_throwing_away_closes_an_inbox_that_is_of_too_few_people_then(trainer: Trainer, share: Share) -> None:
    ten(share)
    page = trainer.go("/workshop/inbox")
    page.get_by_role("button", name="Gooi weg").first.click()
    expect(page.get_by_role("status")).to_contain_text("weggegooid")
    expect(page.locator("main")).to_contain_text("minstens 10 mensen")
    assert page.locator('input[name="sentence"]').count() == 0


def test_who_has_no_role_sees_nothing(login: None, site: Site, context: Context, share: Share) -> None:
    ten(share)
    window = Trainer(site, context())
    for path in ("/workshop/", "/workshop/coverage", "/workshop/inbox", "/workshop/dilemma/alone_at_the_table"):
        window.go(path)
        window.heading("Aanmelden")
        assert window.page.locator("svg").count() == 0
    window.sign_in(token_for("piet"))
    window.heading("Geen toegang")
    expect(window.page.locator("main")).to_contain_text("rol")
    window.go("/workshop/inbox")
    window.heading("Aanmelden")
    assert SENTENCES[0] not in window.page.content()
    window.check()


def test_on_this_machine_a_demo_trainer_comes_in_with_one_click_and_leaves_again(
    demo: None, site: Site, context: Context
) -> None:
    window = Trainer(site, context())
    window.go()
    window.page.get_by_role("button", name="Ga binnen als demo-trainer").click()
    window.heading("De inhoud op een kaart")
    (cookie,) = window.page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/workshop")
    window.page.get_by_role("button", name="Afmelden").click()
    expect(window.page.locator("main")).to_contain_text("afgemeld")
    window.go("/workshop/inbox")
    window.heading("Aanmelden")
    window.check()


def _cannot_be_judged(page: Page, found: tuple[str, str, list[str], str]) -> bool:
    """Contrast of words on a box of a drawing is the one thing that axe says it cannot judge here."""
    kind, rule, target, _ = found
    in_a_drawing = "target => document.querySelector(target) instanceof SVGElement"
    return (kind, rule) == ("incomplete", "color-contrast") and bool(page.evaluate(in_a_drawing, target[0]))


@pytest.mark.parametrize("width", [320, 1200])
def test_axe_finds_nothing_and_a_phone_scrolls_only_pictures(
    trainer: Trainer, share: Share, settings: Settings, clock: FixedClock, width: int
) -> None:
    ten(share)
    confusion.keep(settings, "m", [("hoi", "greet", "goodbye"), ("hallo", "greet", "greet")], clock.now())
    trainer.page.set_viewport_size({"width": width, "height": 800})
    for path in ("", "coverage", "confusion", "inbox", "dilemma/alone_at_the_table", "item/36"):
        page = trainer.go(f"/workshop/{path}")
        assert [found for found in findings(page) if not _cannot_be_judged(page, found)] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
