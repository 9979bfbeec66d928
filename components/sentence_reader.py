"""Reads sentences with a trained model, for the workshop: `python -m components.sentence_reader MODEL`.

One JSON string a line comes in, one JSON object a line goes out: `intent` (with its sub-intent), `confidence`, and
`ranking`, the likeliest (intent, confidence) pairs. The sentence is read as outside a conversation; nothing is kept.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any, TextIO

from rasa.core.agent import Agent


def main(model: str, out: TextIO) -> None:
    """Answer until there is nothing more to read."""
    agent = Agent.load(model)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    out.write('"ready"\n')
    out.flush()
    for line in sys.stdin:
        parsed = loop.run_until_complete(agent.parse_message(json.loads(line)))
        out.write(json.dumps(_plain(parsed)) + "\n")
        out.flush()


def _plain(parsed: dict[str, Any]) -> dict[str, Any]:
    selectors = parsed.get("response_selector") or {}

    def full(name: str) -> str:
        best = (selectors.get(name) or {}).get("response") or {}
        return str(best.get("intent_response_key") or name)

    intent = parsed["intent"]
    ranking = [(full(entry["name"]), float(entry["confidence"])) for entry in parsed.get("intent_ranking") or []]
    return {"intent": full(str(intent["name"])), "confidence": float(intent["confidence"]), "ranking": ranking}


if __name__ == "__main__":
    # Whatever the libraries print goes to the log, so that the answers stay readable.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    main(sys.argv[1], answers)
