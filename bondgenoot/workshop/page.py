"""The workshop page's HTML: no script, no style in the page, nothing from another host. Its words are data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from bondgenoot import texts
from bondgenoot.content import CONTENT, once_a_publication
from bondgenoot.store.shared_sentences import LEAST_PEOPLE, Sentence
from bondgenoot.turn_words import menu_labels
from bondgenoot.workshop import pictures
from bondgenoot.workshop.confusion import Confusion
from bondgenoot.workshop.markup import Markup, join, tag
from bondgenoot.workshop.overview import CORES, Overview
from bondgenoot.workshop.pictures import PATH

PARTS = {"map": f"{PATH}/", "coverage": f"{PATH}/coverage", "confusion": f"{PATH}/confusion", "inbox": f"{PATH}/inbox"}
SENTENCES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Notice:
    """What became of the trainer's last click. With a problem, what they wrote is shown again at that sentence."""

    text: str
    is_problem: bool = False
    sentence: str = ""
    wrote: str = ""
    chose: str = ""


@once_a_publication
def _words() -> dict[str, str]:
    value: dict[str, str] = yaml.safe_load((CONTENT / "schema" / "workshop_page.yml").read_text(encoding="utf-8"))
    return value


def word(key: str, /, **values: object) -> str:
    """A text of the page, filled in.

    Raises:
        KeyError: for an unknown key or placeholder.
    """
    return str(_words()[key]).format(**values)


def document(title: str, *parts: Markup, part: str = "", form_key: str = "", refresh: bool = False) -> str:
    """A whole page. With `form_key` it is for somebody who is signed in and has the menu; `part` is where they are."""
    menu = join()
    if form_key:
        links = [
            tag("li", tag("a", word(f"nav_{name}"), href=href, aria_current="page" if name == part else None))
            for name, href in PARTS.items()
        ]
        leave = tag("form", _hidden("key", form_key), tag("button", word("sign_out")), **_post("sign-out"))
        menu = join(tag("nav", tag("ul", *links), aria_label=word("nav")), leave)
    head = join(
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="refresh", content=f"0; url={PATH}/") if refresh else "",
        tag("title", f"{title} – {word('site')}"),
        tag("link", rel="stylesheet", href=f"{PATH}/page.css"),
    )
    body = join(
        tag("a", word("skip"), href="#inhoud", class_="skip"),
        tag("header", tag("p", word("site"), class_="site"), menu),
        tag("main", tag("h1", title), *parts, id="inhoud", tabindex=-1),
    )
    return "<!doctype html>" + tag("html", tag("head", head), tag("body", body), lang="nl")


def core_name(core: str) -> str:
    """A core as people call it."""
    return texts.say(f"core_{core}")[0]


def map_page(overview: Overview, form_key: str) -> str:
    """All cores, each as a picture and in words."""
    jumps = [tag("li", tag("a", core_name(core), href=f"#{core}")) for core in CORES]
    sections = []
    for core in CORES:
        name = core_name(core)
        dilemmas, practices = overview.dilemmas_of(core), overview.practices_of(core)
        count = word("core_count", dilemmas=len(dilemmas), practices=len(practices))
        listed = [
            tag("li", _dilemma_link(one.id, one.title), " ", word("leads_to"),
                tag("ul", *(_practice_entry(overview, practice) for practice in one.practices
                            if practice in overview.practices)))
            for one in dilemmas
        ]  # fmt: skip
        sections.append(
            tag("section",
                tag("h2", word("core", core=name), id=core),
                tag("p", count),
                _scrolling(pictures.core_map(overview, core, word("map_alt", core=name)), word("map_alt", core=name)),
                tag("h3", word("in_words", core=name)),
                tag("ul", *listed, class_="tree"),
                aria_labelledby=core)
        )  # fmt: skip
    jump = tag("nav", tag("ul", *jumps), aria_label=word("map_jump"), class_="jump")
    return document(word("map_title"), tag("p", word("map_lead")), jump, *sections, part="map", form_key=form_key)


def dilemma_page(overview: Overview, dilemma_id: str, form_key: str) -> str | None:
    """One dilemma, None when there is none with this id."""
    one = overview.dilemmas.get(dilemma_id)
    if one is None:
        return None
    options = [tag("li", tag("strong", option.label), ": ", option.text) for option in one.options]
    practices = [_practice_entry(overview, name) for name in one.practices if name in overview.practices]
    return document(
        word("dilemma", title=one.title),
        tag("p", word("about_core", core=core_name(one.core))),
        tag("h2", word("situation")),
        *(tag("p", bubble) for bubble in one.situation),
        tag("h2", word("options")),
        tag("ul", *options),
        tag("h2", word("practices")),
        tag("ul", *practices),
        tag("h2", word("sources")),
        tag("p", _item_links(overview.items_of(f"dilemmas/{one.id}"))),
        tag("p", word("file", path=f"content/dilemmas/{one.id}.yml")),
        _back(),
        part="map",
        form_key=form_key,
    )


def practice_page(overview: Overview, practice_id: str, form_key: str) -> str | None:
    """One practice, None when there is none with this id."""
    one = overview.practices.get(practice_id)
    if one is None:
        return None
    leading = [tag("li", _dilemma_link(before.id, before.title)) for before in overview.dilemmas_with(one.id)]
    return document(
        word("practice", title=one.title),
        tag("p", word("about_cores", cores=", ".join(map(core_name, one.cores)))),
        tag("h2", word("what")),
        tag("p", one.what),
        tag("h2", word("reached_from")),
        tag("ul", *leading) if leading else tag("p", word("reached_from_none")),
        tag("h2", word("sources")),
        tag("p", _item_links(overview.items_of(f"practices/{one.id}"))),
        tag("p", word("file", path=f"content/practices/{one.id}.yml")),
        _back(),
        part="map",
        form_key=form_key,
    )


def item_page(overview: Overview, item: int, form_key: str) -> str | None:
    """One item of the seeds and where it is found, None when there is no such item."""
    if item not in overview.places:
        return None
    places = [tag("li", _place(overview, where)) for where in overview.places[item]]
    found = join(tag("h2", word("found_in")), tag("ul", *places)) if places else tag("p", word("found_nowhere"))
    about = tag("p", overview.subjects[item])
    return document(word("item", number=item), about, found, _back(), part="coverage", form_key=form_key)


def coverage_page(overview: Overview, form_key: str) -> str:
    """Which item of the seeds is found where, as a picture and as a table."""
    found, count = sum(map(bool, overview.places.values())), len(overview.places)
    alt = word("coverage_alt", found=found, all=count)
    rows = [
        tag("tr",
            tag("th", tag("a", str(item), href=f"{PATH}/item/{item}"), scope="row"),
            tag("td", overview.subjects[item]),
            tag("td", str(len(where))),
            tag("td", *_separated([_place(overview, place) for place in where]) or [word("found_nowhere")]))
        for item, where in overview.places.items()
    ]  # fmt: skip
    return document(
        word("coverage_title"),
        tag("p", word("coverage_lead", found=found, all=count)),
        _scrolling(pictures.coverage_grid(overview, alt), alt),
        _table(word("coverage_table"), ("column_item", "column_about", "column_count", "column_places"), rows),
        part="coverage",
        form_key=form_key,
    )


def confusion_page(confusion: Confusion | None, live: str, form_key: str) -> str:
    """What the model takes for something else, as a picture and as a table; `live` is the model that is live now."""
    parts: list[Markup]
    if confusion is None:
        parts = [tag("p", word("confusion_none"))]
    else:
        percent = texts.number(100 * confusion.accuracy)
        parts = [tag("p", word("confusion_lead", day=confusion.day, model=confusion.model,
                               sentences=confusion.sentences, percent=percent))]  # fmt: skip
        if live and live != confusion.model:
            parts.append(tag("p", word("confusion_other_model", live=live), class_="warning"))
        pairs = confusion.pairs()
        alt = word("confusion_alt", wrong=len(confusion.wrong), pairs=len(pairs))
        rows = [
            tag("tr", tag("th", meant, scope="row"), tag("td", understood), tag("td", str(len(sentences))),
                tag("td", "; ".join(f"“{text}”" for text in sentences[:SENTENCES_SHOWN])
                    + (" …" if len(sentences) > SENTENCES_SHOWN else "")))
            for meant, understood, sentences in pairs
        ]  # fmt: skip
        columns = ("column_meant", "column_read", "column_times", "column_sentences")
        if pairs:
            parts += [
                tag("p", word("confusion_picture")),
                _scrolling(pictures.confusion_matrix(confusion, alt), alt),
                _table(word("confusion_table"), columns, rows),
            ]
        else:
            parts.append(tag("p", word("confusion_perfect")))
    return document(word("confusion_title"), *parts, part="confusion", form_key=form_key)


def inbox_page(sentences: Sequence[Sentence], intents: Sequence[str], form_key: str, notice: Notice | None) -> str:
    """The sentences that may be shown, each with its form; or that there are none to show."""
    parts = [_notice(notice)] if notice else []
    if not sentences:
        parts.append(tag("p", word("inbox_closed", people=LEAST_PEOPLE)))
    else:
        forms = [
            tag("li", _sentence_form(number, one, intents, form_key, notice)) for number, one in enumerate(sentences, 1)
        ]
        parts += [tag("p", word("inbox_lead")), tag("ol", *forms, class_="inbox")]
    return document(word("inbox_title"), *parts, part="inbox", form_key=form_key)


def message_page(title: str, *keys: str, form_key: str = "", refresh: bool = False, **values: object) -> str:
    """A page that says something and links to the start."""
    said = [tag("p", word(key, **values)) for key in keys]
    onward = tag("p", tag("a", word("sign_in_open"), href=f"{PATH}/"))
    return document(word(title), *said, onward, form_key=form_key, refresh=refresh)


def sign_in_page(role: str, is_demo: bool, problem: str = "") -> str:
    """How to come in; `problem` is the key of why the last try failed."""
    said = [tag("p", word(problem), role="alert", class_="notice problem")] if problem else []
    said.append(tag("p", word("sign_in_role", role=role)))
    if is_demo:
        button = tag("button", word("sign_in_demo_button"))
        return document(
            word("sign_in_title"), *said, tag("p", word("sign_in_demo")), tag("form", button, **_post("demo"))
        )
    field = tag("input", type="password", name="token", id="token", required=True, autocomplete="off")
    form = tag(
        "form", tag("label", word("sign_in_token"), for_="token"), field, tag("button", word("sign_in_button")),
        **_post("sign-in"),
    )  # fmt: skip
    return document(word("sign_in_title"), *said, tag("p", word("sign_in_how")), form)


def _sentence_form(number: int, one: Sentence, intents: Sequence[str], form_key: str, notice: Notice | None) -> Markup:
    mine = notice if notice and notice.is_problem and notice.sentence == one.id else None
    chosen = mine.chose if mine else one.guess
    labels = menu_labels()
    options = [tag("option", word("inbox_choose"), value="")]
    options += [
        tag("option", f"{labels[name]} ({name})" if name in labels else name, value=name, selected=name == chosen)
        for name in intents
    ]
    text, select = f"zin-{number}", f"bedoeling-{number}"
    return tag(
        "form",
        _hidden("key", form_key),
        _hidden("id", one.id),
        tag("label", word("inbox_sentence", number=number), for_=text),
        tag("input", type="text", id=text, name="sentence", value=mine.wrote if mine else one.text, maxlength=300),
        tag("label", word("inbox_intent", number=number), for_=select),
        tag("select", *options, id=select, name="intent"),
        tag("button", word("inbox_file"), name="do", value="file", aria_describedby=text),
        tag("button", word("inbox_drop"), name="do", value="drop", class_="drop", aria_describedby=text),
        **_post("inbox"),
    )


def _notice(notice: Notice) -> Markup:
    title = word("inbox_problem" if notice.is_problem else "inbox_done")
    return tag(
        "div", tag("strong", title), tag("p", notice.text),
        role="alert" if notice.is_problem else "status",
        class_="notice problem" if notice.is_problem else "notice",
    )  # fmt: skip


def _post(to: str) -> dict[str, str]:
    return {"method": "post", "action": f"{PATH}/{to}"}


def _hidden(name: str, value: str) -> Markup:
    return tag("input", type="hidden", name=name, value=value)


def _scrolling(picture: Markup, label: str) -> Markup:
    """A picture that is wider than a phone; whoever has no mouse scrolls it too."""
    return tag("div", picture, class_="picture", tabindex=0, role="region", aria_label=label)


def _table(caption: str, columns: Sequence[str], rows: Sequence[Markup]) -> Markup:
    head = tag("tr", *(tag("th", word(column), scope="col") for column in columns))
    return tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *rows))


def _dilemma_link(dilemma_id: str, title: str) -> Markup:
    return tag("a", title, href=f"{PATH}/dilemma/{dilemma_id}")


def _practice_entry(overview: Overview, practice_id: str) -> Markup:
    link = tag("a", overview.practices[practice_id].title, href=f"{PATH}/practice/{practice_id}")
    return tag("li", link, " (", _item_links(overview.items_of(f"practices/{practice_id}")), ")")


def _item_links(items: Sequence[int]) -> Markup:
    links = [tag("a", str(item), href=f"{PATH}/item/{item}") for item in items]
    return join(word("items"), " ", *_separated(links)) if links else join(word("no_items"))


def _separated(parts: Sequence[Markup]) -> list[str]:
    return [piece for part in parts for piece in (", ", part)][1:]


def _place(overview: Overview, where: str) -> Markup:
    kind, _, name = where.partition("/")
    if kind == "dilemmas" and name in overview.dilemmas:
        return _dilemma_link(name, overview.dilemmas[name].title)
    if kind == "practices" and name in overview.practices:
        return tag("a", overview.practices[name].title, href=f"{PATH}/practice/{name}")
    return tag("code", where.strip("`"))


def _back() -> Markup:
    return tag("p", tag("a", word("back"), href=f"{PATH}/"))
