// The conversation on the screen, in the order of the server's numbers, with what is still to be sent below it.
import { dayHeading } from "./days.js";
import { make } from "./dom.js";
import { fillRow, messageRow, note } from "./message.js";
import { choicesOf } from "./pickers.js";
import { texts } from "./texts.js";

const NEAR_END = 80; // px: whoever is this close to the end follows the conversation
const MARGIN = 8; // px above what is scrolled to
const PAUSE = 5000; // ms that separate one turn from the next
const SILENCE = 400; // ms that a screen reader needs to notice that nothing is to be read

export class Log {
  /** A live region: new messages are read out, a replay is not. Reachable by keyboard, since it scrolls. */
  element = make("div", { class: "log", role: "log", "aria-live": "off", "aria-label": texts.log, tabindex: "0" });
  #server;
  #pick;
  /** @type {Map<number, HTMLElement>} */
  #rows = new Map();
  /** @type {Map<string, HTMLElement>} rows of letters, by client id */
  #letters = new Map();
  /** What can be chosen now, and the row that offers it. */
  #choices = null;
  #marker = make("p", { class: "new" }, make("span", { text: texts.new }));
  #silence = 0;
  /** @type {HTMLElement | null} where what is to be read begins */
  #start = null;
  #shownAt = 0;

  /**
   * @param {URL} server
   * @param {(text: string, shown: string) => void} pick what to do with a choice
   */
  constructor(server, pick) {
    this.#server = server;
    this.#pick = pick;
    // A picture is empty until it is there.
    this.element.addEventListener("load", ({ target }) => target.closest(".row") === this.#all.at(-1) && this.toEnd(), true);
  }

  /** Show without reading out. @param {() => void} show */
  quietly(show) {
    this.element.setAttribute("aria-live", "off");
    show();
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.element.setAttribute("aria-live", "polite"), SILENCE);
  }

  /** Empty, but for what was not sent. @param {boolean} lettersToo */
  clear(lettersToo = false) {
    const letters = lettersToo ? [] : [...this.#letters.values()];
    if (lettersToo) this.#letters.clear();
    this.#rows.clear();
    this.#choices = null;
    this.element.replaceChildren(...letters);
    this.#arrange();
  }

  /** @param {import("./ledger.js").Message} message */
  show(message) {
    const isFollowing = !this.isAway || this.#isWaiting;
    const row = this.#rowFor(message);
    if (message.n != null) {
      row.dataset.n = String(message.n);
      this.#rows.set(message.n, row);
    }
    this.#place(row);
    this.#offer(message, row);
    this.#arrange();
    this.#begin(row, message.from);
    if (isFollowing) this.toEnd();
  }

  /** @param {import("./outbox.js").Letter} letter */
  showLetter({ id, shown, at }) {
    const row = messageRow({ n: null, from: "user", text: shown, at }, this.#server);
    row.classList.add("waiting");
    this.#letters.set(id, row);
    this.#start = row;
    this.#close(shown);
    this.#place(row);
    this.#arrange();
    this.toEnd();
  }

  /** It is on its way: answers that come now belong below it. @param {string} id */
  sendLetter(id) {
    const row = this.#letters.get(id);
    if (!row) return;
    row.classList.remove("waiting", "failed");
    row.classList.add("sending");
    note(row, "");
  }

  /**
   * It did not go, for the reason in `sentence`.
   * @param {string} id
   * @param {string} sentence
   * @param {{ title: string, act: () => void }[]} deeds none: it will be tried again
   */
  holdLetter(id, sentence, deeds = []) {
    const row = this.#letters.get(id);
    if (!row) return;
    row.classList.remove("sending");
    row.classList.add("waiting");
    row.classList.toggle("failed", deeds.length > 0);
    note(row, sentence, deeds);
    this.toEnd();
  }

  /** It arrived. Its row stays where it is until the server says its number. @param {string} id */
  settleLetter(id) {
    const row = this.#letters.get(id);
    row?.classList.remove("sending", "waiting", "failed");
    if (row) note(row, "");
  }

  /** @param {string} id */
  removeLetter(id) {
    this.#letters.get(id)?.remove();
    this.#letters.delete(id);
    this.#arrange();
  }

  /** @param {string} id */
  has(id) {
    return this.#letters.has(id);
  }

  /** Mark where what this person has not read begins. @param {number} read */
  markNew(read) {
    this.#marker.remove();
    const unread = [...this.#rows].filter(([n, row]) => n >= read && row.classList.contains("bot"));
    const first = unread.sort(([one], [other]) => one - other)[0]?.[1];
    // Before everything there is nothing to tell apart.
    if (first && first !== this.element.querySelector(".row")) first.before(this.#marker);
  }

  unmark() {
    this.#marker.remove();
  }

  /** Keep what is said last in view, for whoever was looking there. */
  follow() {
    if (!this.isAway) this.toEnd();
  }

  /** To the end, but not past the beginning of what is to be read. @param {ScrollBehavior} behavior */
  toEnd(behavior = "auto") {
    const waits = this.element.querySelector(".waiting");
    const start = this.#marker.isConnected ? this.#marker : this.#start;
    const end = this.element.scrollHeight - this.element.clientHeight;
    this.element.scrollTo({ top: start && !waits ? Math.min(end, start.offsetTop - MARGIN) : end, behavior });
  }

  /** @returns {HTMLElement[]} */
  get #all() {
    return [...this.element.querySelectorAll(".row")];
  }

  /** Whether this person just said something and an answer is to come. */
  get #isWaiting() {
    return this.element.querySelector(".sending") !== null;
  }

  /** Whether the end is out of sight. */
  get isAway() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight > NEAR_END;
  }

  /** Reading begins at what this person said last, or at what comes after a pause. */
  #begin(row, from) {
    const isNewTurn = performance.now() - this.#shownAt > PAUSE;
    this.#shownAt = performance.now();
    if (from === "user" || isNewTurn || !this.#start?.isConnected) this.#start = row;
  }

  #rowFor(message) {
    const known = this.#rows.get(message.n) ?? this.#letters.get(message.id);
    if (!known) return messageRow(message, this.#server);
    if (message.id && !known.classList.contains("failed")) {
      this.settleLetter(message.id);
      this.#letters.delete(message.id);
    }
    if (message.redacted) fillRow(known, message, this.#server);
    return known;
  }

  /** Before the first row with a higher number, and before what still waits to be sent. */
  #place(row) {
    // NaN as long as the server has not numbered it: then no comparison holds, and it stays where it is.
    const number = (/** @type {HTMLElement} */ each) => Number(each.dataset.n);
    const others = this.#all.filter((other) => other !== row);
    const isWrong = (other) => (follows(row, other) ? number(other) < number(row) : number(other) > number(row));
    if (row.isConnected && !others.some(isWrong)) return;
    const goesLast = row.classList.contains("waiting");
    const next = others.find((other) => number(other) > number(row) || (!goesLast && other.classList.contains("waiting")));
    this.element.insertBefore(row, next ?? null);
  }

  #offer(message, row) {
    if (message.from === "user") return this.#choices && follows(this.#choices.row, row) && this.#close(message.text);
    if (row.querySelector(".choices")) return;
    const choices = choicesOf(message, (text, shown) => this.#pick(text, shown));
    if (!choices) return;
    this.#close("");
    row.append(choices.element);
    // What an older message offered was answered by what stands below it.
    const answer = [...this.element.querySelectorAll(".row.user")].find((user) => follows(row, user));
    if (answer) choices.close(answer.querySelector(".bubble p")?.textContent ?? "");
    else this.#choices = { ...choices, row };
  }

  #close(answer) {
    this.#choices?.close(answer);
    this.#choices = null;
  }

  /** A heading above each day, and one time for what was said in one minute. Touches only what is not right yet. */
  #arrange() {
    let day = "";
    /** @type {HTMLElement | null} */
    let before = null;
    for (const row of this.#all) {
      const above = row.previousElementSibling;
      const heading = above?.classList.contains("day") ? above : null;
      const text = dayHeading(new Date(`${row.dataset.day}T12:00`), new Date());
      if (row.dataset.day === day) heading?.remove();
      else if (!heading) row.before(make("p", { class: "day", text }));
      else if (heading.textContent !== text) heading.textContent = text;
      if (before) time(before).hidden = before.className === row.className && time(before).textContent === time(row).textContent;
      time(row).hidden = false;
      day = row.dataset.day;
      before = row;
    }
  }
}

/** @param {Element} row @returns {HTMLElement} */
const time = (row) => row.querySelector("time");

/** Whether `other` stands below `row`. */
const follows = (row, other) => Boolean(row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
