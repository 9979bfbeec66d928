"""What each messaging channel can carry: one table, from the public documentation of each service.

Where a documentation gives no figure, or a larger one than people can use, the smaller one stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Markup(Enum):
    """How a channel writes bold, and what it would misread."""

    PLAIN = "plain"
    SLACK = "slack"  # *bold*; & < > escaped
    HTML = "html"  # <b>bold</b>; & < > escaped
    MARKDOWN = "markdown"  # **bold**


class Count(Enum):
    """What the length of a message is counted in."""

    CHARACTERS = "characters"
    UTF16 = "utf-16 units"
    BYTES = "utf-8 bytes"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """One channel.

    Lengths are after conversion to the channel's markup: `text` and `button_text` (of a message with buttons) in
    `count`, `title` in characters, `payload` in bytes of UTF-8. `buttons` is the most on one message; 0 means that
    choices are numbered. `files` is whether a file goes as a file; else it goes as a signed link that ends. `hours` is
    how long after their last message somebody may be written to, None for always; `template` whether an approved
    template may open the conversation after that.
    """

    name: str
    text: int
    markup: Markup
    buttons: int = 0
    title: int = 0
    payload: int = 0
    button_text: int = 0
    count: Count = Count.CHARACTERS
    images: bool = True
    files: bool = False
    hours: int | None = None
    template: bool = False
    proactive: bool = True

    @property
    def has_buttons(self) -> bool:
        """Whether there are buttons at all."""
        return self.buttons > 0


CAPABILITIES: dict[str, Capabilities] = {
    row.name: row
    for row in (
        # A section block holds 3,000 characters, an actions block 25 buttons, a button 75 and a value of 2,000.
        Capabilities("slack", 3000, Markup.SLACK, buttons=25, title=75, payload=2000, button_text=3000),
        # Messages of 28 KB everywhere in Teams; a hero card shows six buttons; longer titles are cut on phones.
        Capabilities("teams", 8000, Markup.MARKDOWN, buttons=6, title=50, payload=1000, button_text=8000),
        # 4,096 UTF-16 units after entities; callback_data of 1 to 64 bytes; more than some ten rows fill a phone.
        Capabilities(
            "telegram", 4096, Markup.HTML, buttons=12, title=64, payload=64, button_text=4096, count=Count.UTF16
        ),
        # The Twilio API takes 1,600 characters; buttons on WhatsApp need an approved template, so numbers it is.
        Capabilities("sms", 1600, Markup.PLAIN, images=False),
        Capabilities("whatsapp", 1600, Markup.PLAIN, hours=24, template=True),
        # 2,000 characters; 13 quick replies with a title of 20 and a payload of 1,000.
        Capabilities("messenger", 2000, Markup.PLAIN, buttons=13, title=20, payload=1000, button_text=2000, hours=24),
        # Buttons of Rocket.Chat send their text into the room, as if it was typed.
        Capabilities("rocketchat", 5000, Markup.SLACK, buttons=10, title=60, payload=1000, button_text=5000),
        # 16,383 characters; buttons have no stated limit, so as many as one can look over.
        Capabilities("mattermost", 16000, Markup.MARKDOWN, buttons=10, title=60, payload=1000, button_text=16000),
        # 7,439 bytes; cards would need a second webhook.
        Capabilities("webex", 7000, Markup.MARKDOWN, count=Count.BYTES),
        # Another program of the organisation: gets everything as it is.
        Capabilities("callback", 16000, Markup.MARKDOWN, buttons=100, title=200, payload=2000, button_text=16000),
    )
}
