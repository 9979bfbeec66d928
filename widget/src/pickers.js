// What can be chosen instead of typed. Every choice is sent as ordinary text; typing it does the same.
import { isoDay, spokenDay } from "./days.js";
import { button, make } from "./dom.js";
import { fill, texts } from "./texts.js";

/**
 * The choices of a message, or null if it has none. They can be used once; after that they show what was chosen.
 * @param {import("./ledger.js").Message} message
 * @param {(text: string, shown: string) => void} pick
 * @returns {{ element: HTMLElement, close: (answer: string) => void } | null} `close` with what the person answered
 */
export function choicesOf(message, pick) {
  const options = (message.buttons ?? []).filter(({ title }) => title);
  const special = { date: datePicker, scale: scalePicker }[message.ui?.kind]?.(message.ui, pick);
  if (!options.length && !special) return null;
  const buttons = options.map(({ title, payload }) =>
    button({ class: "choice", text: title, onclick: () => pick(payload ?? title, title) }),
  );
  const group = make("div", { class: "buttons" }, ...buttons);
  const element = make("div", { class: "choices", role: "group", "aria-label": texts.choices });
  element.append(...[special, options.length && group].filter(Boolean));
  return { element, close: (answer) => close(element, special, buttons, answer) };
}

function close(element, special, buttons, answer) {
  special?.remove();
  const chosen = buttons.find((each) => each.textContent === answer);
  if (!chosen) return element.remove();
  chosen.setAttribute("aria-pressed", "true");
  for (const each of buttons) each.disabled = true;
}

/** A day: common answers, and the browser's own date field. */
function datePicker(_ui, pick) {
  const input = make("input", { type: "date", required: true, min: isoDay(new Date()), id: unique() });
  const form = make("form", { class: "picker" },
    make("div", { class: "buttons" },
      ...texts.day_choices.map((text) => button({ class: "choice", text, onclick: () => pick(text, text) }))),
    make("label", { for: input.id, text: texts.or_day }),
    make("div", { class: "field" }, input, make("button", { class: "choice", text: texts.choose_day })),
  );
  return onSubmit(form, () => pick(spokenDay(input.value), spokenDay(input.value)));
}

/** A number on a scale: radio buttons, so that arrow keys walk over it, and nothing is sent by walking. */
function scalePicker(ui, pick) {
  const { min = 0, max = 10 } = ui;
  const name = unique();
  const steps = Array.from({ length: Math.min(max - min, 20) + 1 }, (_, place) => min + place);
  const form = make("form", { class: "picker" },
    make("fieldset", {},
      make("legend", { text: fill(texts.pick_number, { min, max }) }),
      make("div", { class: "scale" }, ...steps.map((value) =>
        make("label", {}, make("input", { type: "radio", name, value, required: true }), make("span", { text: value })))),
      make("div", { class: "ends" }, make("span", { text: ui.low ?? "" }), make("span", { text: ui.high ?? "" })),
    ),
    make("button", { class: "choice", text: texts.choose_number }),
  );
  return onSubmit(form, () => {
    const value = String(new FormData(form).get(name));
    pick(value, value);
  });
}

function onSubmit(form, act) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act();
  });
  return form;
}

let count = 0;
const unique = () => `choice-${(count += 1)}`;
