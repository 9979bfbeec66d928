// Where a person writes. Enter sends, Shift+Enter begins a new line.
import { icon, ICONS, make } from "./dom.js";
import { texts } from "./texts.js";

export class Composer {
  element;
  /** @type {HTMLTextAreaElement} */
  input;

  /**
   * @param {(text: string) => void} send
   * @param {(draft: string) => void} keep told of every change, so that a half sentence survives a reload
   */
  constructor(send, keep) {
    this.input = /** @type {HTMLTextAreaElement} */ (
      make("textarea", { id: "input", rows: 1, placeholder: texts.placeholder, autocomplete: "off", enterkeyhint: "send" })
    );
    this.element = make("form", { class: "composer" },
      make("label", { class: "unseen", for: "input", text: texts.input }),
      this.input,
      make("button", { class: "send", "aria-label": texts.send, title: texts.send }, icon(ICONS.send)),
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      if (!text) return;
      this.write("");
      keep("");
      send(text);
    });
    this.input.addEventListener("input", () => {
      this.#grow();
      keep(this.input.value);
    });
    this.input.addEventListener("keydown", (event) => {
      // While a composition is open (accents, Japanese), Enter ends that; 229 is what older Safari says then.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.element.requestSubmit();
    });
  }

  /** @param {string} text instead of what stands there */
  write(text) {
    this.input.value = text;
    this.#grow();
  }

  #grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
  }
}
