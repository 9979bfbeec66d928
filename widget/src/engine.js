// Engine.IO, revision 4, over a websocket: what lies under socket.io-client here, in place of engine.io-client.
// That package also speaks long polling and WebTransport and moves between them: 4 kB of the 20 that this widget may weigh.
import { Emitter } from "@socket.io/component-emitter";

const [OPEN, PING, PONG, MESSAGE] = ["0", "2", "3", "4"];

/** One websocket. Events for socket.io-client: `open`, `data`, `ping`, `error`, and, once, `close` with a reason. */
export class Socket extends Emitter {
  #socket;
  #state = "opening";
  #patience = 0;
  #expires = Infinity;
  #timer = 0;
  #listening = new AbortController();

  /**
   * @param {string} uri such as "https://host"
   * @param {{ path: string }} options
   */
  constructor(uri, { path }) {
    super();
    const address = new URL(`${path.replace(/\/$/, "")}/?EIO=4&transport=websocket`, uri);
    address.protocol = address.protocol.replace("http", "ws");
    this.#socket = new WebSocket(address);
    this.#socket.onmessage = ({ data }) => this.#receive(String(data));
    this.#socket.onerror = () => this.emitReserved("error", new Error("websocket error"));
    this.#socket.onclose = () => this.#end("transport close");
    addEventListener("offline", () => this.#end("network connection lost"), { signal: this.#listening.signal });
  }

  /** What socket.io-client asks before it sends. */
  get transport() {
    return { writable: this.#state === "open" };
  }

  /** @param {string} data */
  write(data) {
    if (this.#state === "open") this.#socket.send(MESSAGE + data);
  }

  close() {
    this.#end("forced close");
  }

  /** Whether the server was silent too long. A timer alone does not tell after a laptop slept. */
  _hasPingExpired() {
    const hasExpired = Date.now() > this.#expires;
    if (hasExpired) queueMicrotask(() => this.#end("ping timeout"));
    return hasExpired;
  }

  #receive(packet) {
    const data = packet.slice(1);
    if (packet[0] === OPEN) {
      const { pingInterval, pingTimeout } = JSON.parse(data);
      this.#patience = pingInterval + pingTimeout;
      this.#state = "open";
      this.emitReserved("open");
    } else if (packet[0] === PING) {
      this.#socket.send(PONG);
      this.emitReserved("ping");
    } else if (packet[0] === MESSAGE) {
      this.emitReserved("data", data);
    }
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    if (this.#state === "closed") return;
    this.#expires = Date.now() + this.#patience;
    this.#timer = setTimeout(() => this.#end("ping timeout"), this.#patience);
  }

  /** @param {string} reason */
  #end(reason) {
    if (this.#state === "closed") return;
    this.#state = "closed";
    clearTimeout(this.#timer);
    this.#listening.abort();
    this.#socket.onmessage = this.#socket.onerror = this.#socket.onclose = null;
    this.#socket.close();
    this.emitReserved("close", reason);
  }
}

/** @param {any} object gets the timer functions that socket.io-client calls on itself */
export function installTimerFunctions(object) {
  object.setTimeoutFn = setTimeout.bind(globalThis);
  object.clearTimeoutFn = clearTimeout.bind(globalThis);
}

export const nextTick = queueMicrotask.bind(globalThis);
