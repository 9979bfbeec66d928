// What a message's text means, as data: paragraphs of lines of parts. Whoever draws it makes text nodes of the parts.

/** @typedef {{ text: string, bold?: true, link?: string }} Part */

const LINK = /(?:https?:\/\/|mailto:)[^\s<>"']+/gi;
const TRAILING = /[.,;:!?)\]}*'’”…]+$/;

/**
 * Bold between double asterisks, and links that begin with http(s):// or mailto:. Nothing else is special.
 * @param {string} text
 * @returns {Part[][][]} paragraphs, lines, parts
 */
export function format(text) {
  return paragraphs(text).map((lines) => lines.map(partsOf));
}

/**
 * The same shape without bold or links: what a person wrote is shown as it was written.
 * @param {string} text
 * @returns {Part[][][]}
 */
export function plain(text) {
  return paragraphs(text).map((lines) => lines.map((line) => (line ? [{ text: line }] : [])));
}

/** @param {string} text @returns {string[][]} */
function paragraphs(text) {
  const normal = text.replace(/\r\n?/g, "\n").trim();
  return normal ? normal.split(/\n{2,}/).map((paragraph) => paragraph.split("\n")) : [];
}

/** @param {string} line @returns {Part[]} */
function partsOf(line) {
  return line
    .split(/\*\*(.+?)\*\*/)
    .flatMap((piece, place) => linked(piece).map((part) => (place % 2 ? { ...part, bold: /** @type {true} */ (true) } : part)));
}

/** @param {string} piece @returns {Part[]} */
function linked(piece) {
  const parts = [];
  let end = 0;
  for (const match of piece.matchAll(LINK)) {
    const address = match[0].replace(TRAILING, "");
    const link = safeAddress(address);
    if (!link) continue;
    if (match.index > end) parts.push({ text: piece.slice(end, match.index) });
    parts.push({ text: address.replace(/^mailto:/i, ""), link });
    end = match.index + address.length;
  }
  if (end < piece.length) parts.push({ text: piece.slice(end) });
  return parts;
}

/**
 * The address if it can be opened without harm, else null.
 * @param {string} address
 * @returns {string | null}
 */
export function safeAddress(address) {
  if (!URL.canParse(address)) return null;
  const { href, protocol } = new URL(address);
  return ["http:", "https:", "mailto:"].includes(protocol) ? href : null;
}

/**
 * A file of the server, wherever its address claims to be: only path and query are used.
 * @param {string} address
 * @param {URL} server where the widget's script came from
 * @returns {string | null}
 */
export function ownAddress(address, server) {
  if (typeof address !== "string" || !URL.canParse(address, server)) return null;
  const { pathname, search, protocol } = new URL(address, server);
  return /^https?:$/.test(protocol) ? server.origin + pathname + search : null;
}
