"""The chat over its socket with the real processes: a restart changes no number, and a follow-up is there on return."""

from __future__ import annotations

import asyncio
import datetime
import json
import urllib.request
from typing import Any

from chat_window import Window
from test_main_job import QUESTION, commit, offset_to

from bondgenoot import settings
from bondgenoot.moments import follow_up_moment


class Chat:
    """A demo visitor; speaks for `commit` as the installation itself does over REST."""

    def __init__(self, installation: Any) -> None:
        self.installation = installation
        self.cookie = ""
        self.count = 0

    def _token(self) -> str:
        headers = {"X-Requested-With": "bondgenoot", **({"Cookie": self.cookie} if self.cookie else {})}
        request = urllib.request.Request(f"{self.installation.url}/chat/demo-token", method="POST", headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            self.cookie = (answer.headers["Set-Cookie"] or self.cookie).partition(";")[0]
            return str(json.loads(answer.read())["token"])

    def with_window(self, work: Any) -> Any:
        async def run() -> Any:
            window = await Window(self.installation.url).open(self._token())
            try:
                answer = await window.client.call("session_request", None, timeout=60)
                assert answer["ok"], answer
                return await work(window)
            finally:
                await window.close()

        return asyncio.run(run())

    def history(self, **what: Any) -> Any:
        return self.with_window(lambda window: window.history(**what))

    def texts(self, _sender: str, text: str) -> str:
        self.count += 1
        letter = {"message": text, "id": f"client-{self.count:04}"}

        async def say(window: Window) -> str:
            answer = await window.client.call("user_uttered", letter, timeout=60)
            assert answer["ok"], answer
            messages = (await window.history(0 if self.count == 1 else answer["n"]))["messages"]
            return "\n".join(message["text"] for message in messages if message["from"] == "bot")

        return str(self.with_window(say))


def test_a_follow_up_that_came_while_away_is_there_on_return(installation):
    day = datetime.date.today() + datetime.timedelta(days=10)
    ask_at = follow_up_moment(day, None, settings.load({}))
    chat = Chat(installation)

    installation.start()
    commit(chat, day)
    before = chat.history()
    assert chat.with_window(lambda window: window.ask("read", {"cursor": before["cursor"]}))["unread"] == 0
    (conversation,) = chat.with_window(lambda window: window.until("session_confirm"))
    installation.stop()

    installation.start(offset_to(ask_at))
    installation.wait_until_said(conversation, QUESTION)
    after = chat.history()
    assert after["messages"][: before["cursor"]] == before["messages"]
    new = after["messages"][before["cursor"] :]
    assert QUESTION in new[-1]["text"] and new[-1]["buttons"]
    assert after["unread"] == len(new) and after["read"] == before["cursor"]
    assert [message["n"] for message in after["messages"]] == list(range(after["cursor"]))
