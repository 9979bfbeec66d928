// The connection with the server: made, kept, made again. It tells what happens by events and repeats what the server says.
import { Manager } from "socket.io-client";
import { TokenError, Tokens } from "./tokens.js";

const FROM_SERVER = ["bot_uttered", "user_message", "typing", "unread", "notice"];
const REFUSALS = ["token_expired", "token_invalid", "token_missing", "too_many_connections", "not_ready"];
const FIRST_RETRY = 500; // ms, doubled at each failure
const LAST_RETRY = 15000;
const RENEW_AT = 0.8; // of a token's lifetime
const LONGEST_TIMER = 86_400_000;

/**
 * Events: `person` (detail: whose token), `up`, `down` (detail: code of the reason), and what the server emits.
 */
export class Connection extends EventTarget {
  #socket;
  #tokens;
  #wanted = false;
  /** The attempt that goes on now. */
  #attempt = null;
  // The socket's own `connected` stays true when the server refuses a connection that it had accepted.
  #isUp = false;
  #failures = 0;
  #retry = 0;
  #renewal = 0;
  #reason = "";
  #person = "";

  /**
   * @param {URL} server folder of the widget's script
   * @param {string} tokenUrl
   */
  constructor(server, tokenUrl) {
    super();
    this.#tokens = new Tokens(tokenUrl);
    // Every attempt needs a token that is still good, so the attempts are made here.
    const options = { path: `${server.pathname}socket.io`, reconnection: false, autoConnect: false };
    this.#socket = new Manager(server.origin, options).socket("/");
    this.#socket.on("connect", () => this.#connected());
    this.#socket.on("connect_error", ({ message }) => this.#failed(REFUSALS.includes(message) ? message : "offline"));
    this.#socket.on("disconnect", () => this.#failed(this.#reason || "offline"));
    this.#socket.on("closing", ({ reason }) => (this.#reason = reason));
    for (const name of FROM_SERVER) this.#socket.on(name, (data) => this.#tell(name, data));
    addEventListener("online", () => this.#hurry());
  }

  get isUp() {
    return this.#isUp;
  }

  /** Connect, and stay connected. */
  start() {
    this.#wanted = true;
    this.#hurry();
  }

  /** Leave the server in peace. */
  stop() {
    this.#wanted = false;
    clearTimeout(this.#retry);
    this.#end();
  }

  /** @param {string} event @param {object} payload */
  send(event, payload) {
    if (this.isUp) this.#socket.emit(event, payload);
  }

  /**
   * @param {string} event
   * @param {object} payload
   * @param {number} patience ms
   * @returns {Promise<any>} the server's answer; rejected when the connection ends first or patience does
   */
  async ask(event, payload, patience = 20000) {
    // Without this check socket.io would keep the message and send it later by itself, besides our own queue.
    if (!this.isUp) throw new Error("offline");
    return this.#socket.timeout(patience).emitWithAck(event, payload);
  }

  #hurry() {
    clearTimeout(this.#retry);
    if (this.#wanted && !this.isUp) this.#try();
  }

  /** One at a time: a second CONNECT before the answer to the first makes the server hang up. */
  async #try() {
    if (this.#attempt) return;
    const mine = (this.#attempt = {});
    try {
      const { token, person, seconds } = await this.#tokens.fetch();
      if (this.#attempt !== mine) return;
      this.#person = person;
      this.#tell("person", person);
      this.#renewLater(seconds);
      this.#socket.auth = { token };
      this.#socket.connect();
    } catch (error) {
      if (this.#attempt === mine) this.#failed(error instanceof TokenError ? error.message : "offline");
    }
  }

  /** Be without a connection, whatever state the socket is in. */
  #end() {
    this.#isUp = false;
    this.#attempt = null;
    this.#socket.disconnect();
  }

  #connected() {
    this.#isUp = true;
    this.#attempt = null;
    this.#failures = 0;
    this.#reason = "";
    this.#tell("up");
  }

  #failed(code) {
    this.#end();
    this.#reason = "";
    clearTimeout(this.#renewal);
    if (!this.#wanted) return;
    this.#tell("down", code);
    // Not all at the same moment: after a restart of the server everybody comes back.
    const pause = Math.min(FIRST_RETRY * 2 ** this.#failures, LAST_RETRY) * (0.7 + 0.6 * Math.random());
    this.#failures += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#hurry(), pause);
  }

  #renewLater(seconds) {
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(() => this.#renew(), Math.min(seconds * RENEW_AT * 1000, LONGEST_TIMER));
  }

  async #renew() {
    try {
      const { token, person, seconds } = await this.#tokens.fetch();
      // Somebody else signed in on the host page: the server would refuse, so begin again as that person.
      if (person !== this.#person) return this.#socket.disconnect();
      const answer = await this.ask("token", { token });
      if (answer.ok) return this.#renewLater(answer.expires_in ?? seconds);
    } catch {
      // Tried again below, until the server closes the connection for it.
    }
    this.#renewLater(20);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
