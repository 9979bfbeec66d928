"""A Rasa server on a free loopback port."""

from __future__ import annotations

import socket
from typing import Any

from rasa.core import channels as rasa_channels
from rasa.core.channels.channel import InputChannel
from rasa.server import create_app


async def start_server(agent: object, inputs: list[InputChannel]) -> tuple[Any, str]:
    """A server on a free loopback port, and its address."""
    app = create_app(agent=agent, cors_origins=None, auth_token="token")
    rasa_channels.channel.register(inputs, app, route="/webhooks/")
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.after_start()
    return server, f"http://127.0.0.1:{listening.getsockname()[1]}"
