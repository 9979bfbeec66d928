"""Offering files and pictures: links in words for every channel, and as a hint for those that can show more."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.common import say, services
from bondgenoot import files, keys, links, texts
from bondgenoot.links import Link, Links
from bondgenoot.store import file_links


@lru_cache(maxsize=4)
def _links(session_key: str) -> Links:
    return Links(session_key)


def address(tracker: Tracker, kind: str, item: str = "", text: str = "") -> str:
    """The whole address of a file of this person, from now until its time is over. Not within another transaction."""
    here = services()
    ours = _links(keys.session_key(here.settings.home))
    link = Link(kind, tracker.sender_id, item, text)
    with here.engine.begin() as connection:
        token = file_links.make(connection, here.cipher, ours, link, here.clock.now())
    return here.settings.public_url + links.path(token, files.name_of(kind))


def offer(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    key: str,
    kind: str,
    title: str,
    item: str = "",
    buttons: Sequence[str] = (),
    text: str = "",
) -> None:
    """Say the text `key` with the link `{url}` in it; `title` is the key of what the file is called on a button.

    `text` is what the file holds, if it is not made from what is kept.
    """
    url = address(tracker, kind, item, text)
    hint = {"kind": "file", "title": texts.say(title)[0], "url": url, "name": files.name_of(kind)}
    say(dispatcher, key, buttons, ui=hint, url=url)


def picture(tracker: Tracker, item: str, alt: str) -> dict[str, Any]:
    """What `say` needs to show a chart: its address, and in few words what is on it."""
    return {"image": address(tracker, "chart", item), "ui": {"kind": "image", "alt": alt}}
