// One message as a row of the log: a bubble, its time, and what can be done with it.
import { clockTime, isoDay } from "./days.js";
import { button, icon, ICONS, make } from "./dom.js";
import { format, ownAddress, plain } from "./format.js";
import { fill, texts } from "./texts.js";

/**
 * @param {import("./ledger.js").Message} message
 * @param {URL} server
 * @returns {HTMLElement}
 */
export function messageRow(message, server) {
  const moment = message.at ? new Date(message.at) : new Date();
  const row = make("div", { class: `row ${message.from === "bot" ? "bot" : "user"}` });
  row.dataset.day = isoDay(moment);
  row.append(make("div", { class: "bubble" }), make("time", { datetime: moment.toISOString(), text: clockTime(moment) }));
  fillRow(row, message, server);
  return row;
}

/**
 * What a row says, again: a message that was taken out of the log says so in its old place.
 * @param {HTMLElement} row
 * @param {import("./ledger.js").Message} message
 * @param {URL} server
 */
export function fillRow(row, message, server) {
  const isBot = message.from === "bot";
  row.classList.toggle("redacted", Boolean(message.redacted));
  const content = (isBot ? format : plain)(String(message.text ?? "")).map(paragraph);
  const address = message.image && ownAddress(message.image, server);
  if (address) content.push(picture(address, message.ui?.alt));
  if (message.ui?.kind === "file") content.push(...file(message.ui, server));
  const who = make("span", { class: "unseen", text: `${isBot ? texts.from_bot : texts.from_user} ` });
  row.querySelector(".bubble").replaceChildren(who, ...content);
}

/**
 * Under a row: why it was not sent, and what can be done.
 * @param {HTMLElement} row
 * @param {string} text
 * @param {{ title: string, act: () => void }[]} [deeds]
 */
export function note(row, text, deeds = []) {
  row.querySelector(".note")?.remove();
  if (!text) return;
  const buttons = deeds.map(({ title, act }) => button({ class: "quiet", text: title, onclick: act }));
  row.append(make("div", { class: "note" }, make("span", { text }), ...buttons));
}

/** @param {import("./format.js").Part[][]} lines */
function paragraph(lines) {
  const element = make("p");
  lines.forEach((parts, place) => {
    if (place) element.append(make("br"));
    for (const { text, bold, link } of parts) {
      const inner = link ? anchor(text, link) : text;
      element.append(bold ? make("strong", {}, inner) : inner);
    }
  });
  return element;
}

function anchor(text, href) {
  if (href.startsWith("mailto:")) return make("a", { href, text });
  return make("a", {
    href, text, target: "_blank", rel: "noopener noreferrer", "aria-label": fill(texts.new_window, { label: text }),
  });
}

/** A picture, which opens in full in a window of its own: a chart is small here. */
function picture(address, alt) {
  const image = make("img", { src: address, alt: alt || texts.picture });
  return make("a", { class: "picture", href: address, target: "_blank", rel: "noopener noreferrer" }, image);
}

function file({ title, url, name }, server) {
  const href = ownAddress(url, server);
  if (!href) return [];
  return [make("a", { class: "file", href, download: name || true }, icon(ICONS.file), title || name || texts.download)];
}
