// The menu: a button that discloses a list of things that can also be typed.
import { button, icon, ICONS, make } from "./dom.js";
import { texts } from "./texts.js";

export class Menu {
  /** @type {HTMLElement} */
  element;
  #toggle;
  #list;

  /** @param {(text: string, shown: string) => void} pick */
  constructor(pick) {
    this.#toggle = button(
      { class: "tool", "aria-label": texts.menu, title: texts.menu, "aria-expanded": "false", "aria-controls": "menu",
        onclick: () => this.show(this.#list.hidden) },
      icon(ICONS.menu),
    );
    const items = texts.menu_items.map(({ title, text }) =>
      make("li", {}, button({ text: title, onclick: () => {
        this.show(false);
        pick(text, title);
      } })),
    );
    this.#list = make("ul", { id: "menu", hidden: true }, ...items);
    this.element = make("div", { class: "menu" }, this.#toggle, this.#list);
    this.element.addEventListener("focusout", ({ relatedTarget }) => {
      // relatedTarget is null when the window loses the focus, or when nothing gets it (a click beside the menu).
      if (relatedTarget && !this.element.contains(/** @type {Node} */ (relatedTarget))) this.show(false);
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.#list.hidden) return;
      event.preventDefault();
      event.stopPropagation();
      this.show(false);
      this.#toggle.focus();
    });
  }

  /** @param {boolean} isOpen */
  show(isOpen) {
    this.#list.hidden = !isOpen;
    this.#toggle.setAttribute("aria-expanded", String(isOpen));
  }
}
