// Bundles the widget into one script: `node build.mjs OUTFILE`.
import { build, transform } from "esbuild";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [outfile = here("../var/widget/bondgenoot.js")] = process.argv.slice(2);

/** The style sheet becomes a minified string: the element constructs its sheet from it. */
const styleAsText = {
  name: "style-as-text",
  setup(bundle) {
    bundle.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

await build({
  entryPoints: [here("src/bondgenoot.js")],
  outfile,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  // Of socket.io-client its manager and socket, on a websocket only: see src/engine.js.
  alias: {
    "socket.io-client": here("node_modules/socket.io-client/build/esm/manager.js"),
    "engine.io-client": here("src/engine.js"),
  },
  plugins: [styleAsText],
});
