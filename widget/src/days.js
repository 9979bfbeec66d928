// Days as a person says them.
import { texts } from "./texts.js";

/** @param {Date} moment @returns {string} such as "2026-12-03", in the person's own time zone */
export function isoDay(moment) {
  const pad = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}`;
}

/** @param {string} iso such as "2026-12-03" @returns {string} such as "3 december 2026" */
export function spokenDay(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  const moment = new Date(year, month - 1, day);
  return moment.toLocaleDateString(texts.lang, { day: "numeric", month: "long", year: "numeric" });
}

/**
 * The heading above the messages of a day.
 * @param {Date} moment
 * @param {Date} now
 */
export function dayHeading(moment, now) {
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (isoDay(moment) === isoDay(now)) return texts.today;
  if (isoDay(moment) === isoDay(yesterday)) return texts.yesterday;
  const isThisYear = moment.getFullYear() === now.getFullYear();
  return moment.toLocaleDateString(texts.lang, {
    weekday: "long", day: "numeric", month: "long", ...(isThisYear ? {} : { year: "numeric" }),
  });
}

/** @param {Date} moment @returns {string} such as "14:03" */
export function clockTime(moment) {
  return moment.toLocaleTimeString(texts.lang, { hour: "2-digit", minute: "2-digit" });
}
