"""What docs/operators.md promises: the tag on one's own page, the token endpoint of the guide, and somebody is answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import token_example
from playwright.sync_api import expect
from site_with_login import ROOT, Chat, Site


def documented_tag() -> str:
    """The one of the guide; the guide to the widget and the script itself show the same."""
    tags = [
        re.search(r"<script src=\S+ data-token-url=.*?</script>", (ROOT / name).read_text(encoding="utf-8"))
        for name in ("docs/operators.md", "docs/widget.md", "widget/src/bondgenoot.js")
    ]
    tag, *others = [found.group() for found in tags if found]
    assert [other.replace("https://HOST", "https://chat.example") for other in others] == [tag] * 2
    return tag


def test_the_tag_and_the_token_endpoint_of_the_guide_are_enough(
    site: Site, window: Callable[..., Chat], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, public = token_example.make_keys(tmp_path)
    for name in ("BONDGENOOT_TOKEN_KEY", "BONDGENOOT_TOKEN_ALGORITHM"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("BONDGENOOT_TOKEN_KEY_FILE", str(public))
    monkeypatch.setenv("BONDGENOOT_TOKEN_ISSUER", token_example.ISSUER)
    site.stop()
    site.start()
    site.tag = documented_tag()
    with token_example.token_endpoint(private) as site.token_endpoint:
        chat = window().open()
        chat.wait_for("Wat wil je doen?")
        chat.write("hallo vanaf onze eigen pagina")
        chat.wait_for("Antwoord op hallo vanaf onze eigen pagina")
        expect(chat.notice).to_be_hidden()
        # Nobody is signed in here, so the endpoint refuses and the widget says what to do.
        stranger = window("").open()
        expect(stranger.notice).to_contain_text("Je bent niet meer aangemeld.")
        assert stranger.texts() == []
    assert site.said_by_people() == ["hallo vanaf onze eigen pagina"]
    assert len(site.conversations()) == 1
