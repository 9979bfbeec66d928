// The one script tag: <script src="https://HOST/chat/bondgenoot.js" data-token-url="/api/chat-token" defer></script>
import { BondgenootChat, NAME } from "./element.js";

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);

// A page that includes the script twice has one chat.
if (script && !customElements.get(NAME)) {
  BondgenootChat.server = new URL(".", script.src);
  customElements.define(NAME, BondgenootChat);
  // A page may place the element itself; otherwise it comes last, where it is in nobody's way.
  if (!document.querySelector(NAME)) {
    const element = document.createElement(NAME);
    for (const name of ["token-url", "open", "position", "theme"]) {
      const value = script.getAttribute(`data-${name}`);
      if (value !== null) element.setAttribute(name, value);
    }
    document.body.append(element);
  }
}
