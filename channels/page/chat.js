"use strict";
// The chat page: shows the log that the server keeps, and sends what a person writes. The server's numbering of the
// messages decides what is new; nothing is stored in the browser but the visitor's cookie.

const texts = JSON.parse(document.getElementById("texts").textContent);
const [log, form, input, typing, notice, about] = ["log", "form", "input", "typing", "notice", "about"].map((id) =>
  document.getElementById(id),
);
const POLL = 4000;
const POLL_HIDDEN = 15000;
const TIMEOUT = 90000;
const TYPING_AFTER = 300;

let cursor = 0;
let logId = "";
let isOpen = false;
let lastDay = "";
let unread = 0;
let sending = 0;
let queue = Promise.resolve();
let choices = null;
const mine = new Map(); // client id -> row of a message that this page sent

// ---- Talking to the server

async function request(method, path, body) {
  const options = { method, headers: { "X-Requested-With": "bondgenoot" }, signal: AbortSignal.timeout(TIMEOUT) };
  if (body) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(`/chat/${path}`, options);
  const data = await answer.json();
  if (data.error) throw Object.assign(new Error(data.error), { code: data.error });
  return data;
}

// The first request gives the visitor a cookie; two first requests at once would make two visitors.
let opening = null;
function open() {
  opening ??= request("POST", "open")
    .then((data) => {
      isOpen = true;
      log.setAttribute("aria-live", "off");
      receive(data);
      requestAnimationFrame(() => setTimeout(() => log.setAttribute("aria-live", "polite"), 500));
    })
    .finally(() => {
      opening = null;
    });
  return opening;
}

let timer = 0;
function pollLater() {
  clearTimeout(timer);
  timer = setTimeout(poll, document.hidden ? POLL_HIDDEN : POLL);
}

async function poll() {
  clearTimeout(timer);
  try {
    if (!isOpen) await open();
    else if (!sending) {
      const data = await request("GET", `messages?after=${cursor}&log=${encodeURIComponent(logId)}`);
      // A message sent meanwhile brings its own answer, with everything before it.
      if (!sending) receive(data);
    }
    if ([texts.offline, texts.not_ready].includes(notice.textContent)) tell("");
  } catch (error) {
    tell(error.code === "not_ready" ? texts.not_ready : texts.offline);
  }
  pollLater();
}

async function deliver(id, text) {
  const row = mine.get(id);
  const patience = setTimeout(() => showTyping(true), TYPING_AFTER);
  sending += 1;
  try {
    if (!isOpen) await open();
    let data;
    try {
      data = await send(id, text);
    } catch (error) {
      if (error.code) throw error;
      // The connection was lost, perhaps after the message arrived: the same id makes sure that it counts once.
      tell(texts.offline);
      await new Promise((resolve) => setTimeout(resolve, 2000));
      data = await send(id, text);
    }
    tell("");
    receive(data);
    if (data.failed) markFailed(row, id, text);
    else if (mine.delete(id)) row.remove(); // it was erased with the log
  } catch (error) {
    tell(texts[error.code] ?? (error.code ? texts.failed : texts.offline));
    markFailed(row, id, text);
  } finally {
    clearTimeout(patience);
    sending -= 1;
    showTyping(false);
    pollLater();
  }
}

function send(id, text) {
  return request("POST", "messages", { text, id, after: cursor, log: logId });
}

// ---- Showing

function receive(data) {
  if (data.reset) {
    // The log was erased. What was not sent yet was not erased either.
    log.replaceChildren(...log.querySelectorAll(".failed, .pending"));
    lastDay = "";
    choices = null;
    isOpen = data.cursor > 0;
  }
  const fresh = data.messages.filter((message) => message.n === null || data.reset || message.n >= cursor);
  logId = data.log || logId;
  cursor = data.reset ? data.cursor : Math.max(cursor, data.cursor);
  if (!fresh.length) return;
  for (const message of fresh) show(message);
  const newest = fresh[fresh.length - 1];
  showChoices(newest.from === "bot" ? newest.buttons : []);
  if (document.hidden) {
    unread += fresh.filter((message) => message.from === "bot").length;
    if (unread) document.title = texts.new_messages.replace("{count}", unread);
  }
  toEnd();
}

function show(message) {
  const own = message.id && mine.get(message.id);
  if (own) {
    mine.delete(message.id);
    own.classList.remove("pending", "failed");
    fill(own, message);
    return;
  }
  const row = rowOf(message);
  const waiting = message.n === null ? null : log.querySelector(".pending");
  const day = dayOf(message.at);
  if (day) log.insertBefore(day, waiting);
  log.insertBefore(row, waiting);
}

function rowOf(message) {
  const row = document.createElement("div");
  row.className = `message ${message.from}`;
  fill(row, message);
  return row;
}

function fill(row, message) {
  row.classList.toggle("redacted", Boolean(message.redacted));
  const bubble = make("div", "bubble");
  bubble.append(make("span", "unseen", `${message.from === "bot" ? texts.from_bot : texts.from_user} `));
  for (const paragraph of message.text.split(/\n{2,}/)) {
    if (paragraph.trim()) bubble.append(paragraphOf(paragraph.trim(), message.from === "bot"));
  }
  if (message.image) {
    const image = make("img");
    image.alt = texts.picture;
    image.addEventListener("load", toEnd);
    image.src = message.image;
    bubble.append(image);
  }
  row.replaceChildren(bubble);
}

// Text nodes only, so that nobody's words can become markup.
function paragraphOf(text, isBot) {
  const paragraph = make("p");
  text.split("\n").forEach((line, index) => {
    if (index) paragraph.append(make("br"));
    const parts = isBot ? line.split(/\*\*(.+?)\*\*/) : [line];
    parts.forEach((part, place) => {
      if (part) paragraph.append(place % 2 ? make("strong", "", part) : part);
    });
  });
  return paragraph;
}

function dayOf(at) {
  if (!at) return null;
  const moment = new Date(at);
  const day = moment.toDateString();
  if (day === lastDay) return null;
  const isFirstToday = !lastDay && day === new Date().toDateString();
  lastDay = day;
  if (isFirstToday) return null;
  return make("p", "day", moment.toLocaleDateString("nl", { weekday: "long", day: "numeric", month: "long" }));
}

function showChoices(buttons) {
  choices?.remove();
  choices = null;
  if (!buttons.length || log.querySelector(".pending")) return;
  choices = make("div", "choices");
  choices.setAttribute("role", "group");
  choices.setAttribute("aria-label", texts.choices);
  for (const { title, payload } of buttons) {
    const button = make("button", "", title);
    button.type = "button";
    button.addEventListener("click", () => write(payload, title));
    choices.append(button);
  }
  log.append(choices);
}

function markFailed(row, id, text) {
  row.classList.remove("pending");
  row.classList.add("failed");
  mine.set(id, row);
  row.querySelectorAll("small, button").forEach((old) => old.remove());
  const again = make("button", "", texts.send_again);
  again.type = "button";
  again.addEventListener("click", () => {
    row.classList.remove("failed");
    row.classList.add("pending");
    row.querySelectorAll("small, button").forEach((old) => old.remove());
    log.append(row);
    toInput();
    queue = queue.then(() => deliver(id, text));
  });
  row.append(make("small", "", texts.not_sent), again);
  toEnd();
}

function showTyping(isTyping) {
  typing.replaceChildren(...(isTyping ? [make("span", "", texts.typing), make("span")] : []));
}

function tell(text) {
  if (notice.textContent === text) return;
  notice.textContent = text;
  notice.hidden = !text;
}

function toEnd() {
  // The first replay jumps to its end; what comes later may glide.
  const behavior = log.getAttribute("aria-live") === "off" ? "instant" : "auto";
  log.scrollTo({ top: log.scrollHeight, behavior });
}

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

// ---- Writing

function write(text, shown = text) {
  const id = crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(16)).join("-");
  const row = rowOf({ from: "user", text: shown });
  row.classList.add("pending");
  mine.set(id, row);
  showChoices([]);
  log.append(row);
  toEnd();
  toInput();
  queue = queue.then(() => deliver(id, text));
}

function toInput() {
  // On a phone the focus would open the keyboard over the answer.
  if (!matchMedia("(pointer: coarse)").matches) input.focus();
}

function grow() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return;
  input.value = "";
  grow();
  write(text);
});

input.addEventListener("input", grow);
input.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    pollLater();
  } else {
    unread = 0;
    document.title = texts.title;
    poll();
  }
});

addEventListener("resize", toEnd);

const wide = matchMedia("(min-width: 56rem)");
const arrange = () => {
  about.open = wide.matches;
};
wide.addEventListener("change", arrange);
arrange();
poll();
