// The sources as one module: Node 20 cannot read TypeScript, esbuild can.
import { build } from "esbuild";

/** Import a source file of the widget. */
export async function load(path) {
  const { outputFiles } = await build({
    entryPoints: [new URL(`../src/${path}`, import.meta.url).pathname],
    bundle: true, write: false, format: "esm", loader: { ".css": "text" },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

/** Read one of the case tables that the collector's tests run too. */
export async function cases(name) {
  const { readFile } = await import("node:fs/promises");
  return JSON.parse(await readFile(new URL(`../../tests/wire/${name}.json`, import.meta.url), "utf8"));
}
