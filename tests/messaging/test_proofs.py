"""The proofs themselves, with the examples of the services' documentation."""

from __future__ import annotations

import pytest

from channels import signatures


class TestProofs:
    def test_a_proof_is_new_once_and_is_forgotten_in_time(self) -> None:
        now = [0.0]
        seen = signatures.Seen(seconds=600, now=lambda: now[0])
        assert seen.is_new("a") and not seen.is_new("a") and seen.is_new("b")
        now[0] = 601
        assert seen.is_new("a")

    @pytest.mark.parametrize("given", [None, "", "é", "x" * 10_000])
    def test_a_wrong_secret_is_no_error(self, given: str | None) -> None:
        assert not signatures.same(given, "geheim")

    def test_twilio_signs_the_address_and_the_sorted_parameters(self) -> None:
        """The example of Twilio's documentation."""
        parameters = {
            "CallSid": "CA1234567890ABCDE",
            "Caller": "+14158675309",
            "Digits": "1234",
            "From": "+14158675309",
            "To": "+18005551212",
        }
        url = "https://mycompany.com/myapp.php?foo=1&bar=2"
        assert signatures.twilio("12345", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", url, parameters.items())
        assert not signatures.twilio("12345", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", url + "1", parameters.items())

    def test_slack_signs_version_moment_and_body(self) -> None:
        """The example of Slack's documentation."""
        body = (
            b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
            b"channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
            b"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
            b"96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        )
        proof = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        secret = "8f742231b10e8888abcd99yyyzzz85a5"
        assert signatures.slack(secret, "1531420618", proof, body, 1531420618)
        assert not signatures.slack(secret, "1531420619", proof, body, 1531420618)
        assert not signatures.slack(secret, "1531420618", proof, body, 1531420618 + 301)
