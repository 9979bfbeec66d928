// Making elements. Text becomes text nodes only, so that nobody's words can become markup.

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `text` and `on<event>` are set as such; false, null and undefined leave an attribute out
 * @param {(Node | string)[]} children
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/**
 * A button that submits nothing by itself.
 * @param {Record<string, any>} attributes
 * @param {(Node | string)[]} children
 */
export function button(attributes, ...children) {
  return /** @type {HTMLButtonElement} */ (make("button", { type: "button", ...attributes }, ...children));
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * An icon of strokes on a 24 x 24 field; decoration, its button has the name.
 * @param {string} path SVG path data
 */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const stroke = document.createElementNS(SVG, "path");
  stroke.setAttribute("d", path);
  svg.append(stroke);
  return svg;
}

export const ICONS = {
  rings: "M9.5 6.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11M14.5 6.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M5 7h14M5 12h14M5 17h14",
  send: "M5 12h13M12 5.5l6.5 6.5-6.5 6.5",
  down: "M12 5v13M5.5 12l6.5 6.5 6.5-6.5",
  file: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
};
