// The panel and the button that opens it. On a small screen the panel is the screen, and modal; else it stands beside the page.
import { button, icon, ICONS, make } from "./dom.js";
import { texts, unreadText } from "./texts.js";

const SMALL = "(max-width: 30rem), (max-height: 30rem)";

export class Panel {
  /** @type {HTMLDialogElement} */
  dialog;
  launcher;
  /** Says what happens while the panel is closed. */
  announcer = make("p", { class: "unseen", role: "status" });
  #inside = make("p", { class: "unseen", role: "status" });
  #badge = make("span", { class: "badge", "aria-hidden": "true", hidden: true });
  #small = matchMedia(SMALL);
  #start;
  #changed;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.tools in the title bar
   * @param {HTMLElement[]} parts.content
   * @param {() => HTMLElement} parts.start what gets the focus
   * @param {(isOpen: boolean) => void} parts.changed
   */
  constructor({ tools, content, start, changed }) {
    this.#start = start;
    this.#changed = changed;
    this.launcher = button(
      { class: "launcher", "aria-label": texts.open, "aria-haspopup": "dialog", onclick: () => this.open() },
      icon(ICONS.rings), this.#badge,
    );
    this.dialog = /** @type {HTMLDialogElement} */ (make("dialog", { "aria-labelledby": "title" },
      make("header", {},
        icon(ICONS.rings),
        make("div", { class: "title" }, make("h2", { id: "title", text: texts.title }), make("p", { text: texts.tagline })),
        tools,
        button({ class: "tool", "aria-label": texts.close, title: texts.close, onclick: () => this.close() }, icon(ICONS.close)),
      ),
      ...content, this.#inside,
    ));
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation(); // it closes this, and nothing of the host page
      this.close();
    });
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    this.#small.addEventListener("change", () => this.isOpen && this.#showAgain());
    visualViewport?.addEventListener("resize", () => this.#fit());
    visualViewport?.addEventListener("scroll", () => this.#fit());
  }

  get isOpen() {
    return this.dialog.open;
  }

  /** @param {boolean} [takesFocus] not when the page opens it by itself: then the person was doing something else */
  open(takesFocus = true) {
    if (this.isOpen) return;
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    this.#show();
    this.launcher.hidden = true;
    this.#changed(true);
    if (takesFocus || this.#small.matches) this.focusStart();
    else this.#giveBack(before);
  }

  close() {
    if (!this.isOpen) return;
    this.dialog.close();
    this.launcher.hidden = false;
    this.launcher.focus();
    this.#changed(false);
  }

  focusStart() {
    if (this.isOpen) this.#start().focus({ preventScroll: true });
  }

  /** @param {number} count */
  showUnread(count) {
    this.#badge.textContent = count > 99 ? "99+" : String(count);
    this.#badge.hidden = !count;
    this.launcher.setAttribute("aria-label", count ? `${texts.open}, ${unreadText(count)}` : texts.open);
  }

  /** @param {string} text for who does not see the screen */
  announce(text) {
    (this.isOpen ? this.#inside : this.announcer).textContent = text;
    (this.isOpen ? this.announcer : this.#inside).textContent = "";
  }

  #show() {
    if (this.#small.matches) this.dialog.showModal();
    else this.dialog.show();
    this.#fit();
  }

  /** A dialog takes the focus when it is shown. */
  #giveBack(before) {
    if (before && before !== document.body) before.focus({ preventScroll: true });
    else /** @type {any} */ (this.dialog.getRootNode()).activeElement?.blur();
  }

  /** The screen was turned, or zoomed: the other way of showing fits. */
  #showAgain() {
    const focused = /** @type {HTMLElement | null} */ (/** @type {ShadowRoot} */ (this.dialog.getRootNode()).activeElement);
    this.dialog.close();
    this.#show();
    focused?.focus({ preventScroll: true });
  }

  /** Above the keyboard of a phone, which covers the page without making it smaller. */
  #fit() {
    if (!visualViewport || !this.isOpen) return;
    const isCovered = this.#small.matches && visualViewport.scale === 1;
    this.dialog.style.height = isCovered ? `${visualViewport.height}px` : "";
    this.dialog.style.top = isCovered ? `${visualViewport.offsetTop}px` : "";
  }
}
