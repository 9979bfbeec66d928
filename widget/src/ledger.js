// Which messages of the conversation are known. Messages are numbered by the server; some numbers stand for what nobody sees.

/** @typedef {{ n: number | null, from: "bot" | "user", text: string, buttons?: { title: string, payload: string }[],
 *   image?: string | null, ui?: any, id?: string, at?: string | null, redacted?: boolean }} Message */

export class Ledger {
  /** How many messages the server's last history answer covered. */
  cursor = 0;
  /** The name of the log that the numbers belong to. */
  log = "";
  /** Up to where this person has read, in any tab. */
  read = 0;
  /** @type {Map<number, Message>} */
  #known = new Map();

  forget() {
    this.cursor = 0;
    this.log = "";
    this.read = 0;
    this.#known.clear();
  }

  /** What to send with `history`. */
  get position() {
    return { after: this.cursor, log: this.log };
  }

  /** One past the last message that is known. */
  get end() {
    return Math.max(this.cursor, ...[...this.#known.keys()].map((n) => n + 1));
  }

  /** What the assistant said that this person has not read. */
  get unread() {
    return [...this.#known.values()].filter((message) => message.from === "bot" && message.n >= this.read).length;
  }

  /**
   * Take in an answer to `history`.
   * @param {{ messages: Message[], cursor: number, log: string, read: number, reset?: boolean }} answer
   * @returns {Message[]} those that are new here, or say something else than before (their text was taken out)
   */
  update(answer) {
    if (answer.reset) this.forget();
    const fresh = answer.messages.filter((message) => this.add(message) !== "known");
    this.cursor = answer.cursor;
    this.log = answer.log || this.log;
    // What was read here may not have been told yet.
    this.read = Math.max(this.read, answer.read ?? 0);
    return fresh;
  }

  /**
   * @param {Message & { log?: string }} message
   * @returns {"new" | "known" | "conflict"} `conflict`: this number had another message; perhaps the log is another one
   */
  add(message) {
    if (message.n == null) return "new";
    if (message.log && this.log && message.log !== this.log) return "conflict";
    const before = this.#known.get(message.n);
    this.#known.set(message.n, message);
    if (!before) return "new";
    return before.from === message.from && before.text === message.text ? "known" : "conflict";
  }
}
