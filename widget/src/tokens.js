// The token that says who somebody is. The host page's own server gives it to whoever is signed in there.

/** Why there is no token: `signed_out` (the host page does not know this person) or `offline`. */
export class TokenError extends Error {}

const REFUSED = [401, 403];

export class Tokens {
  #url;

  /** @param {string} url of the host page's token end point */
  constructor(url) {
    this.#url = url;
  }

  /**
   * A new token. POST with a header that no foreign page may send: so no other site can make this request.
   * @returns {Promise<{ token: string, person: string, seconds: number }>} the token, whose it is, how long it lasts
   * @throws {TokenError}
   */
  async fetch() {
    let answer;
    try {
      answer = await fetch(this.#url, {
        method: "POST",
        headers: { "X-Requested-With": "bondgenoot" },
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(15000),
      });
    } catch {
      throw new TokenError("offline");
    }
    if (REFUSED.includes(answer.status)) throw new TokenError("signed_out");
    const { token, expires_in } = (answer.ok && (await answer.json().catch(() => null))) || {};
    // A host page that sends people without a session to its sign-in form answers with a page, not with a token.
    if (typeof token !== "string") throw new TokenError(answer.ok ? "signed_out" : "offline");
    const { sub, exp, iat } = claims(token);
    return { token, person: String(sub ?? ""), seconds: expires_in ?? lifetime(exp, iat) };
  }
}

/** Not verified here: the server does that. The browser only asks whose it is and when to renew it. */
function claims(token) {
  try {
    const base64 = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return {};
  }
}

/** By its own two times where it has both, since the clock of a browser may be wrong. */
function lifetime(exp, iat) {
  const seconds = exp - (iat ?? Date.now() / 1000);
  return Number.isFinite(seconds) ? Math.max(seconds, 0) : 300;
}
