// Everything that a person reads stands in one file; another language is another file here.
import texts from "./texts.nl.json";

export { texts };

/**
 * A text with its placeholders filled in.
 * @param {string} text such as "{count} nieuwe berichten"
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {number} count of unread messages @returns {string} */
export function unreadText(count) {
  return count === 1 ? texts.unread_one : fill(texts.unread_many, { count });
}
