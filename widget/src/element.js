// <bondgenoot-chat>: brings launcher, panel, conversation and connection together.
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { button, icon, ICONS, make } from "./dom.js";
import { Ledger } from "./ledger.js";
import { Log } from "./log.js";
import { recall, remember } from "./memory.js";
import { Menu } from "./menu.js";
import { Outbox } from "./outbox.js";
import { Panel } from "./panel.js";
import css from "./style.css";
import { fill, texts, unreadText } from "./texts.js";

export const NAME = "bondgenoot-chat";

const IDLE = 60000; // ms hidden and closed, after which the server is left in peace
const GRACE = 1200; // ms without a connection before it is worth mentioning
const AGAIN = 3000; // ms before something that the server refused is asked again
const SETTLE = 250; // ms in which the messages of one answer come
const MENTION = 8000; // ms that a passing notice stays

export class BondgenootChat extends HTMLElement {
  /** @type {URL} the folder that the script came from: the server's /chat/ */
  static server;

  /** @type {Connection} */
  #connection;
  /** @type {Outbox} */
  #outbox;
  /** @type {Log} */
  #log;
  /** @type {Composer} */
  #composer;
  /** @type {Panel} */
  #panel;
  /** @type {HTMLElement} */
  #notice;
  /** @type {HTMLElement} */
  #typing;
  #ledger = new Ledger();
  #person = "";
  #sync = Promise.resolve();
  #timers = { idle: 0, grace: 0, mention: 0, begin: 0, again: 0, read: 0 };

  connectedCallback() {
    if (this.shadowRoot) return this.#connection.start();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    this.#build(root);
    this.#listen();
    this.#connection.start();
    // Opened by the page, not by the person: the focus stays where it is.
    if (recall("open", this.hasAttribute("open"))) this.#panel.open(false);
  }

  disconnectedCallback() {
    this.#connection.stop();
  }

  /** @param {ShadowRoot} root */
  #build(root) {
    const server = BondgenootChat.server;
    const tokenUrl = this.getAttribute("token-url") ?? "/api/chat-token";
    this.#connection = new Connection(server, tokenUrl);
    this.#outbox = new Outbox(this.#connection);
    const write = (/** @type {string} */ text, shown = text) => this.#write(text, shown);
    this.#log = new Log(server, write);
    this.#composer = new Composer(write, (draft) => this.#person && remember(`draft:${this.#person}`, draft));
    this.#notice = make("p", { class: "notice", role: "status", hidden: true });
    this.#typing = make("p", { class: "typing", role: "status" });
    const newest = button(
      { class: "newest", "aria-label": texts.newest, title: texts.newest, hidden: true, onclick: () => this.#toNewest() },
      icon(ICONS.down),
    );
    this.#log.element.addEventListener("scroll", () => (newest.hidden = !this.#log.isAway), { passive: true });
    this.#panel = new Panel({
      tools: new Menu(write).element,
      content: [
        make("div", { class: "middle" }, this.#log.element, newest),
        this.#typing, this.#notice, this.#composer.element,
      ],
      start: () => (matchMedia("(pointer: coarse)").matches ? this.#log.element : this.#composer.input),
      changed: (isOpen) => this.#panelChanged(isOpen),
    });
    root.append(this.#panel.launcher, this.#panel.announcer, this.#panel.dialog);
  }

  #listen() {
    const on = (target, name, act) => target.addEventListener(name, ({ detail }) => act(detail));
    on(this.#connection, "person", (person) => this.#isFor(person));
    on(this.#connection, "up", () => this.#up());
    on(this.#connection, "down", (code) => this.#down(code));
    on(this.#connection, "bot_uttered", (message) => this.#hear({ ...message, from: "bot" }));
    on(this.#connection, "user_message", (message) => this.#hear({ ...message, from: "user" }));
    on(this.#connection, "typing", ({ on: isTyping }) => this.#showTyping(isTyping));
    on(this.#connection, "unread", ({ read }) => this.#wasRead(read));
    on(this.#connection, "notice", ({ code }) => this.#mention(texts.errors[code] ?? texts.connection[code] ?? ""));
    on(this.#outbox, "sending", ({ letter }) => this.#log.sendLetter(letter.id));
    on(this.#outbox, "sent", ({ letter }) => {
      this.#log.settleLetter(letter.id);
      this.#showTyping(false);
      this.#synchronise();
    });
    on(this.#outbox, "stuck", (stuck) => this.#hold(stuck));
    document.addEventListener("visibilitychange", () => this.#visibilityChanged());
  }

  // ---- The connection

  /** @param {string} person whose token it is */
  #isFor(person) {
    if (person === this.#person) return;
    // Another person in this tab must find nothing of the one before.
    if (this.#person) {
      this.#log.clear(true);
      this.#composer.write("");
    }
    this.#ledger.forget();
    this.#person = person;
    this.#outbox.belongTo(person);
    if (!this.#composer.input.value) this.#composer.write(recall(`draft:${person}`, ""));
    this.#log.quietly(() => {
      for (const letter of this.#outbox.letters) {
        if (this.#log.has(letter.id)) continue;
        this.#log.showLetter(letter);
        if (letter.error) this.#hold({ letter, code: letter.error });
      }
    });
    this.#countUnread();
  }

  async #up() {
    clearTimeout(this.#timers.grace);
    if (!this.#notice.hidden) this.#mention(texts.connected);
    if (this.#panel.isOpen) this.#begin();
    await this.#synchronise();
    this.#outbox.flush();
  }

  /** @param {string} code */
  #down(code) {
    this.#showTyping(false);
    clearTimeout(this.#timers.grace);
    const say = () => this.#tell(texts.connection[code] ?? texts.connection.offline);
    // A short interruption is nobody's concern; while it lasts, a changed reason is.
    if (this.#notice.hidden && code === "offline") this.#timers.grace = setTimeout(say, GRACE);
    else say();
  }

  /** Begin the conversation, if there is none. Not before the panel is open: who only passes by leaves no trace. */
  async #begin() {
    if (this.#ledger.end || !this.#connection.isUp) return;
    const answer = await this.#connection.ask("session_request", {}).catch(() => null);
    clearTimeout(this.#timers.begin);
    if (answer?.ok === false && this.#panel.isOpen) this.#timers.begin = setTimeout(() => this.#begin(), AGAIN);
  }

  /** Ask for what is not known yet; one question at a time. */
  #synchronise() {
    this.#sync = this.#sync.then(async () => {
      const person = this.#person;
      const answer = await this.#connection.ask("history", this.#ledger.position).catch(() => null);
      if (person !== this.#person) return;
      if (!answer?.messages) {
        clearTimeout(this.#timers.again);
        if (answer) this.#timers.again = setTimeout(() => this.#synchronise(), AGAIN);
        return;
      }
      const isReplay = answer.reset || !this.#ledger.cursor;
      if (answer.reset) this.#log.clear();
      const fresh = this.#ledger.update(answer);
      if (this.#ledger.read > answer.read) this.#tellRead();
      const show = () => fresh.forEach((message) => this.#show(message));
      if (isReplay) this.#log.quietly(show);
      else show();
      if (isReplay && this.#panel.isOpen && this.#isAttentive) this.#log.markNew(this.#ledger.read);
      if (isReplay) this.#log.toEnd("instant");
      this.#readUpToHere();
    });
    return this.#sync;
  }

  /** @param {import("./ledger.js").Message} message */
  #hear(message) {
    const found = this.#ledger.add(message);
    if (found === "known") return;
    if (found === "conflict") return this.#synchronise();
    this.#show(message);
    this.#readUpToHere();
    if (message.from === "bot" && !this.#panel.isOpen) this.#panel.announce(unreadText(this.#ledger.unread));
  }

  #show(message) {
    // It is in the log, so it arrived, even if nobody could say so before the connection went.
    if (message.id) this.#outbox.arrived(message.id);
    this.#log.show(message);
  }

  // ---- Writing

  #write(text, shown) {
    this.#log.unmark();
    const letter = this.#outbox.compose(text, shown);
    this.#log.showLetter(letter);
    if (!this.#connection.isUp) this.#log.holdLetter(letter.id, texts.waiting);
    this.#panel.focusStart();
    this.#outbox.flush();
  }

  /** A letter that did not go: it says why, and what can be done. */
  #hold({ letter, code, seconds }) {
    this.#showTyping(false);
    const sentence = fill(texts.errors[code] ?? texts.errors.failed, { seconds: seconds ?? 0 });
    const again = { title: texts.send_again, act: () => {
      this.#panel.focusStart();
      this.#outbox.again(letter.id);
    } };
    const edit = { title: texts.edit, act: () => {
      this.#outbox.remove(letter.id);
      this.#log.removeLetter(letter.id);
      const draft = this.#composer.input.value.trim();
      this.#composer.write(draft ? `${letter.text}\n${draft}` : letter.text);
      this.#composer.input.focus();
    } };
    this.#log.holdLetter(letter.id, sentence, seconds ? [] : code === "failed" ? [again, edit] : [edit, again]);
  }

  // ---- Reading

  get #isAttentive() {
    return document.visibilityState === "visible";
  }

  /** What is in view counts as read, in every tab. */
  #readUpToHere() {
    if (this.#panel.isOpen && this.#isAttentive && this.#ledger.end > this.#ledger.read) {
      this.#ledger.read = this.#ledger.end;
      this.#tellRead();
    }
    this.#countUnread();
  }

  #tellRead() {
    clearTimeout(this.#timers.read);
    this.#timers.read = setTimeout(() => this.#connection.send("read", { cursor: this.#ledger.read }), SETTLE);
  }

  #wasRead(read) {
    this.#ledger.read = Math.max(this.#ledger.read, read);
    this.#countUnread();
  }

  #countUnread() {
    this.#panel.showUnread(this.#ledger.unread);
  }

  #toNewest() {
    this.#log.unmark();
    this.#log.toEnd();
    this.#panel.focusStart();
  }

  // ---- What is seen

  /** @param {boolean} isOpen */
  #panelChanged(isOpen) {
    remember("open", isOpen);
    if (!isOpen) return this.#log.unmark();
    this.#connection.start();
    const { unread, read } = this.#ledger;
    this.#log.quietly(() => this.#log.markNew(read));
    this.#log.toEnd("instant");
    if (unread) this.#panel.announce(unreadText(unread));
    this.#begin();
    this.#readUpToHere();
  }

  #visibilityChanged() {
    clearTimeout(this.#timers.idle);
    if (this.#isAttentive) {
      this.#connection.start();
      this.#readUpToHere();
    } else if (!this.#panel.isOpen && !this.#outbox.letters.length) {
      // Many pages of an intranet stay open in the background; each connection counts.
      this.#timers.idle = setTimeout(() => this.#connection.stop(), IDLE);
    }
  }

  #showTyping(isTyping) {
    this.#typing.replaceChildren(...(isTyping ? [make("span", { class: "unseen", text: texts.typing }), make("i"), make("i"), make("i")] : []));
    if (isTyping) this.#log.follow();
  }

  #tell(text) {
    clearTimeout(this.#timers.mention);
    if (this.#notice.textContent !== text) this.#notice.textContent = text;
    this.#notice.hidden = !text;
  }

  /** Tell, for a while. */
  #mention(text) {
    this.#tell(text);
    this.#timers.mention = setTimeout(() => this.#tell(""), MENTION);
  }
}
