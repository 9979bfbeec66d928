import assert from "node:assert/strict";
import { test } from "node:test";
import { Ledger } from "../src/ledger.js";

const bot = (n, text = `bot ${n}`) => ({ n, from: "bot", text });
const user = (n, text = `user ${n}`) => ({ n, from: "user", text });
const answer = (messages, cursor, more = {}) => ({ messages, cursor, log: "a", read: 0, ...more });

test("what arrived live is not new in the history after it", () => {
  const ledger = new Ledger();
  ledger.update(answer([bot(0)], 1));
  assert.equal(ledger.add(bot(2)), "new");
  assert.deepEqual(ledger.update(answer([user(1), bot(2)], 3)), [user(1)]);
  assert.deepEqual(ledger.position, { after: 3, log: "a" });
});

test("numbers that nobody sees leave no hole", () => {
  const ledger = new Ledger();
  ledger.update(answer([bot(0), bot(4)], 5));
  assert.equal(ledger.end, 5);
  assert.equal(ledger.unread, 2);
});

test("a text that was taken out replaces what stood there", () => {
  const ledger = new Ledger();
  ledger.add(user(0, "iets"));
  assert.deepEqual(ledger.update(answer([{ ...user(0, "(niet bewaard)"), redacted: true }], 1)).length, 1);
});

test("another message under a known number is a conflict", () => {
  const ledger = new Ledger();
  ledger.update(answer([bot(0)], 1));
  assert.equal(ledger.add(bot(0)), "known");
  assert.equal(ledger.add(bot(0, "een nieuw begin")), "conflict");
});

test("a reset forgets the old log", () => {
  const ledger = new Ledger();
  ledger.update(answer([bot(0), bot(1)], 2, { read: 2 }));
  assert.deepEqual(ledger.update(answer([bot(0, "opnieuw")], 1, { log: "b", reset: true, read: 0 })), [bot(0, "opnieuw")]);
  assert.equal(ledger.unread, 1);
});

test("only what the assistant said counts as unread, once it is past what was read", () => {
  const ledger = new Ledger();
  ledger.update(answer([bot(0), user(1), bot(2), bot(3)], 4, { read: 3 }));
  assert.equal(ledger.unread, 1);
});
