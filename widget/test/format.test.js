import assert from "node:assert/strict";
import { test } from "node:test";
import { format, ownAddress, plain, safeAddress } from "../src/format.js";

const line = (text) => format(text)[0][0];

test("paragraphs and lines keep their shape", () => {
  assert.deepEqual(format("een\ntwee\n\n\ndrie\r\n"), [[[{ text: "een" }], [{ text: "twee" }]], [[{ text: "drie" }]]]);
  assert.deepEqual(format("  \n "), []);
});

test("bold stands between double asterisks, and only there", () => {
  assert.deepEqual(line("een **vet** woord"), [{ text: "een " }, { text: "vet", bold: true }, { text: " woord" }]);
  assert.deepEqual(line("2 ** 3 en *schuin*"), [{ text: "2 ** 3 en *schuin*" }]);
});

test("links are http, https and mailto, without the punctuation after them", () => {
  assert.deepEqual(line("Zie https://113.nl/chat, of (http://a.be/x?y=1)."), [
    { text: "Zie " }, { text: "https://113.nl/chat", link: "https://113.nl/chat" }, { text: ", of (" },
    { text: "http://a.be/x?y=1", link: "http://a.be/x?y=1" }, { text: ")." },
  ]);
  assert.deepEqual(line("mailto:hulp@example.org"), [{ text: "hulp@example.org", link: "mailto:hulp@example.org" }]);
  assert.deepEqual(line("**https://a.nl**"), [{ text: "https://a.nl", link: "https://a.nl/", bold: true }]);
});

test("no other address becomes a link", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "//a.nl", "javascript:https://a.nl/%0aalert(1)", "http://", "https://[x"]) {
    const links = line(text).filter((part) => part.link).map((part) => new URL(part.link).protocol);
    assert.ok(links.every((protocol) => protocol === "https:"), text);
  }
  assert.equal(safeAddress("javascript:alert(1)"), null);
});

test("what a person wrote stays as it was", () => {
  assert.deepEqual(plain("**niet vet** https://a.nl"), [[[{ text: "**niet vet** https://a.nl" }]]]);
});

test("a file comes from the server, wherever its address points", () => {
  const server = new URL("https://bot.example/chat/");
  assert.equal(ownAddress("/chat/files/a/k.png", server), "https://bot.example/chat/files/a/k.png");
  assert.equal(ownAddress("https://evil.example/k.png?a=1", server), "https://bot.example/k.png?a=1");
  assert.equal(ownAddress("//evil.example/k.png", server), "https://bot.example/k.png");
  for (const address of ["javascript:alert(1)", "data:image/svg+xml,x", "blob:https://a/b", "http://[", null, 3]) {
    assert.equal(ownAddress(address, server), null);
  }
});
