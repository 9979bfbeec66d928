"""A light server that keeps the contract of trigger_intent, for many deliveries in little time.

Rasa's agent with the trained model, the real tracker store, the real lock and the real actions run in one process; only HTTP around them
is our own. It is loaded once, and a fork of it serves. A fork kills itself with SIGKILL at every STAND_IN_DIES_EVERY-th
delivery, at each of the MOMENTS in turn, and the next fork takes over the same socket.
"""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import os
import signal
import socket
import sys
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiohttp import ClientConnectionError
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog
from rasa_sdk.executor import ActionExecutor

from bondgenoot.training import model_path
from components.lock_store import BondgenootLockStore
from components.tracker_store import BondgenootTrackerStore
from components.whole_turns import TurnFailedError

# In each of the last two the server lives on without the action, as when only the action server is killed.
MOMENTS = ("received", "opened", "asked", "saved", "actions away at open", "actions away at ask")
OPENS, ASKS = "action_follow_up_open", "action_ask_follow_up_result"

count = multiprocessing.Value("i", 0)
every = int(os.environ.get("STAND_IN_DIES_EVERY") or 0)
planned = ""


def die(moment: str) -> None:
    if planned == moment:
        os.kill(os.getpid(), signal.SIGKILL)


class Actions(EndpointConfig):
    """The action server, in this process."""

    def __init__(self) -> None:
        super().__init__("in-process")
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        call = json.loads(json.dumps(kwargs["json"]))
        name = call["next_action"]
        if planned == {OPENS: "actions away at open", ASKS: "actions away at ask"}.get(name):
            raise ClientConnectionError
        answer = json.loads(json.dumps(await self._executor.run(call)))
        if name in (OPENS, ASKS):
            die({OPENS: "opened", ASKS: "asked"}[name])
        return answer


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        global planned
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with count.get_lock():
            count.value += 1
            due = every and count.value % every == 0
            planned = MOMENTS[count.value // every % len(MOMENTS)] if due else ""
        die("received")
        conversation = urllib.parse.unquote(self.path.split("?")[0].split("/")[2])
        try:
            slots = self.server.loop.run_until_complete(trigger(self.server.agent, conversation, body))
        except TurnFailedError:
            self.send_error(500)
            return
        die("saved")
        answer = json.dumps({"tracker": {"slots": slots}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


async def trigger(agent: Agent, conversation: str, body: dict[str, Any]) -> dict[str, Any]:
    async with agent.lock_store.lock(conversation):
        tracker = await agent.processor.fetch_tracker_and_update_session(conversation)
        await agent.trigger_intent(body["name"], body["entities"], CollectingOutputChannel(), tracker)
    return tracker.current_slot_values()


def serve(agent: Agent, listening: socket.socket) -> None:
    """In a fork: its own loop and its own connections to the database."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    server = HTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
    server.socket = listening
    server.agent, server.loop = agent, asyncio.new_event_loop()
    asyncio.set_event_loop(server.loop)
    agent.tracker_store = agent.processor.tracker_store = BondgenootTrackerStore(agent.domain)
    # Not Rasa's own: around this one an action that cannot be run ends the turn (components.whole_turns).
    agent.lock_store = agent.processor.lock_store = BondgenootLockStore()
    server.serve_forever()


def main(port: int) -> None:
    logging.disable(logging.ERROR)
    configure_structlog(logging.CRITICAL)
    agent = Agent.load(model_path(), action_endpoint=Actions())
    listening = socket.create_server(("127.0.0.1", port), backlog=64)
    child = 0

    def end(*_: object) -> None:
        os.kill(child, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        child = os.fork()
        if child == 0:
            serve(agent, listening)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
