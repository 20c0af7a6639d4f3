// Bundle one of the little shops in this folder for the browser, with the real framework: `node bundle.mjs vue.js`.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "svelte/compiler";

const here = fileURLToPath(new URL(".", import.meta.url));
const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, ({ path }) => {
      const { js } = compile(readFileSync(path, "utf8"), { filename: path, generate: "client" });
      return { contents: js.code, resolveDir: here };
    });
  },
};
const [shop] = process.argv.slice(2);
const mounted = `import { mount } from "svelte"; import Shop from "./${shop}"; mount(Shop, { target: document.getElementById("root") });`;

const { outputFiles } = await build({
  ...(shop.endsWith(".svelte") ? { stdin: { contents: mounted, resolveDir: here } } : { entryPoints: [here + shop] }),
  bundle: true, write: false, format: "iife", plugins: [svelte], conditions: ["browser", "production"], logLevel: "error",
  define: {
    "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false", ngDevMode: "false", ngServerMode: "false", ngI18nClosureMode: "false", ngHmrMode: "false",
  },
});
process.stdout.write(outputFiles[0].text);
