"""POST /api/chat-token on your own site: tells Bondgenoot who is signed in. Needs PyJWT with cryptography."""

import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jwt

PRIVATE_KEY = Path(os.environ["CHAT_PRIVATE_KEY_FILE"]).read_text()  # stays here; Bondgenoot gets the public half
ISSUER = os.environ["CHAT_ISSUER"]  # the same as BONDGENOOT_TOKEN_ISSUER
LIFETIME = 15 * 60  # seconds; the widget asks for a new token in time


def signed_in_person(headers):
    """Replace this: who is signed in, by your own session. Here a proxy that signs people in sets the header."""
    return headers.get("X-Forwarded-User")


class TokenEndpoint(BaseHTTPRequestHandler):
    def do_POST(self):
        if self.path != "/api/chat-token":
            return self.send_error(404)
        if self.headers.get("X-Requested-With") != "bondgenoot":  # the widget sends it, a page elsewhere cannot
            return self.send_error(403)
        person = signed_in_person(self.headers)
        if not person:
            return self.send_error(401)
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": "bondgenoot", "sub": person, "iat": now, "exp": now + LIFETIME}
        body = json.dumps({"token": jwt.encode(claims, PRIVATE_KEY, algorithm="RS256")}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8001"))), TokenEndpoint).serve_forever()
