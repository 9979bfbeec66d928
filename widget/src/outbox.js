// What a person wrote and the server has not confirmed: kept over a reload, sent in order, each under its own id,
// so that the server counts it once however often it arrives.
import { recall, remember } from "./memory.js";

/** @typedef {{ id: string, text: string, shown: string, at: string, error?: string }} Letter
 *  `text` is sent, `shown` stands in the log; `error` is the code of what stopped it */

const PATIENCE = 60000; // ms for one turn
const PAUSE = 3000;
const TRY_AGAIN = ["too_many", "not_ready", "slow"];

/** Events: `sending`, `sent`, `stuck`; detail: `letter`, and for `stuck` the `code` and the `seconds` until it is tried again, if it is. */
export class Outbox extends EventTarget {
  /** @type {Letter[]} */
  letters = [];
  #connection;
  #person = "";
  #isSending = false;
  #pause = 0;

  /** @param {import("./connection.js").Connection} connection */
  constructor(connection) {
    super();
    this.#connection = connection;
  }

  /**
   * Take up what this person left here. Letters of before anybody was known become theirs; another's stay unread.
   * @param {string} person
   */
  belongTo(person) {
    if (person === this.#person) return;
    const anonymous = this.#person ? [] : this.letters;
    this.#person = person;
    this.letters = [...recall(`outbox:${person}`, []), ...anonymous];
    this.#keep();
  }

  /** A letter to be sent with the next `flush`. @param {string} text @param {string} shown @returns {Letter} */
  compose(text, shown) {
    const letter = { id: newId(), text, shown, at: new Date().toISOString() };
    this.letters.push(letter);
    this.#keep();
    return letter;
  }

  /** It is in the log. Unless it got stuck: then it waits for the person, since nothing answered it. @param {string} id */
  arrived(id) {
    if (!this.letters.find((letter) => letter.id === id)?.error) this.remove(id);
  }

  /** @param {string} id a letter that somebody takes back */
  remove(id) {
    this.letters = this.letters.filter((letter) => letter.id !== id);
    this.#keep();
  }

  /** @param {string} id a letter that got stuck */
  again(id) {
    const letter = this.letters.find((each) => each.id === id);
    if (letter) delete letter.error;
    this.#keep();
    this.flush();
  }

  /** Send what waits, one after the other, as long as the connection holds. */
  async flush() {
    if (this.#isSending) return;
    this.#isSending = true;
    clearTimeout(this.#pause);
    try {
      for (let letter = this.#next(); letter && this.#connection.isUp; letter = this.#next()) {
        if (!(await this.#deliver(letter))) break;
      }
    } finally {
      this.#isSending = false;
    }
  }

  #next() {
    return this.letters.find((letter) => !letter.error);
  }

  /** @returns {Promise<boolean>} whether the next one may follow */
  async #deliver(letter) {
    const person = this.#person;
    let answer;
    this.#tell("sending", { letter });
    try {
      answer = await this.#connection.ask("user_uttered", { message: letter.text, id: letter.id }, PATIENCE);
    } catch {
      if (!this.#connection.isUp) return false; // it goes when the connection is back
      answer = { ok: false, error: "slow" };
    }
    // While this waited, somebody else may have signed in here.
    if (person !== this.#person) return false;
    if (answer?.ok) {
      this.remove(letter.id);
      this.#tell("sent", { letter });
      return true;
    }
    const code = answer?.error ?? "failed";
    if (TRY_AGAIN.includes(code)) {
      const seconds = Math.max(Math.ceil(answer.retry_after ?? 0), PAUSE / 1000);
      this.#pause = setTimeout(() => this.flush(), seconds * 1000);
      this.#tell("stuck", { letter, code, seconds });
      return false;
    }
    letter.error = code;
    this.#keep();
    this.#tell("stuck", { letter, code });
    return true;
  }

  #keep() {
    // Before it is known who writes, nothing is stored: the next person in this tab might be another.
    if (this.#person) remember(`outbox:${this.#person}`, this.letters);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** randomUUID exists on secure pages only; an intranet is sometimes still plain http. */
function newId() {
  return crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(16).padStart(8, "0")).join("-");
}
