"""The stand-ins of all services, and a conversation over one of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from mattermost_standin import Mattermost
from more_standins import Callback, Messenger, RocketChat, Sms, Webex, WhatsApp
from slack_standin import Slack
from standin import ANNA, Sent, StandIn
from teams_standin import Teams
from telegram_standin import Telegram

from bondgenoot.store import schema
from channels.messaging import MessagingInput

STAND_INS: list[type[StandIn]] = [
    Slack, Telegram, Teams, Sms, WhatsApp, Messenger, RocketChat, Mattermost, Webex, Callback,
]  # fmt: skip


@dataclass
class Chat:
    """A service, the connector that serves it, and the agent behind it."""

    service: StandIn
    connector: MessagingInput
    agent: Any
    base: str

    async def met(self, user: str = ANNA) -> list[Sent]:
        """First contact, so that what comes after it stands alone."""
        return await self.service.says("hallo", user)

    def rows(self, table: sa.Table = schema.channel_address) -> list[Any]:
        with self.connector.deliveries._engine.begin() as connection:
            return list(connection.execute(sa.select(table)).all())

    async def until_sent(self, count: int) -> list[Sent]:
        """What was sent, once that is so many."""
        for _ in range(500):
            if len(self.service.sent) >= count:
                break
            await asyncio.sleep(0.01)
        return self.service.sent

    async def settled(self) -> None:
        """What the assistant says by itself has been sent, or was given up for now."""
        while self.connector._announcing:
            await asyncio.gather(*self.connector._announcing.values())
