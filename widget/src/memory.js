// What survives a reload or a click to another page of the intranet: sessionStorage, so this tab only.
// Where storage is refused (a strict browser, a full disk), the widget works and forgets.

const PREFIX = "bondgenoot:";

/** @param {string} key @param {any} otherwise @returns {any} */
export function recall(key, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {string} key @param {any} value an empty text or list is removed */
export function remember(key, value) {
  try {
    if (value.length === 0) sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Then it is not kept.
  }
}
