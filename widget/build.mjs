// Build the widget: type-check, bundle, stamp, precompress, and fail beyond the byte budget.
// `--check` only compares: it fails where the committed files are not what the sources give.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minify } from "terser";

// Names of properties that meet neither the wire nor the DOM, and may therefore be shortened.
const OURS = /^(answer|box|draft|drafted|face|passed|put|seen|settled|tell|waits)$/;
const BUDGET = { br: 6370, gz: 7140 }; // bytes
const here = fileURLToPath(new URL(".", import.meta.url));
const target = join(here, "../collector/static/widget");

/** Sixteen hex digits over every source file's path and content; tests/shape computes the same in Python. */
function stamp() {
  const hash = createHash("sha256");
  const files = readdirSync(join(here, "src"), { recursive: true })
    .filter((name) => statSync(join(here, "src", name)).isFile())
    .map((name) => name.replaceAll("\\", "/"))
    .sort();
  for (const file of files) hash.update(file).update("\0").update(readFileSync(join(here, "src", file))).update("\0");
  return hash.digest("hex").slice(0, 16);
}

const minifiedCss = {
  name: "minified-css",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      // esbuild leaves the blanks in custom properties and in the arguments of functions.
      const tight = code.trim().replace(/(--[\w-]+): /g, "$1:").replaceAll(", ", ",");
      return { contents: tight, loader: "text" };
    });
  },
};

async function bundle() {
  const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
  const { outputFiles } = await build({
    entryPoints: [join(here, "src/main.ts")],
    bundle: true, minify: true, write: false, format: "iife", target: "es2022", charset: "utf8",
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
    define: { VERSION: JSON.stringify(version) }, plugins: [minifiedCss], mangleProps: OURS, legalComments: "none",
  });
  // A second minifier, for the 3 % that one pass of esbuild leaves: 170 of 6,000 bytes.
  const { code } = await minify(outputFiles[0].text, { ecma: 2020, toplevel: true, compress: { passes: 3, keep_fargs: false, hoist_funs: true } });
  return code + "\n";
}

/** Brotli at its best: the parameters below the quality, which nobody sets, find another 30 bytes. */
function brotli(bytes) {
  const tries = [0, 1, 2, 3].flatMap((postfix) => [0, 1, 2, 4, 8].map((direct) => brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 16, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [constants.BROTLI_PARAM_NPOSTFIX]: postfix, [constants.BROTLI_PARAM_NDIRECT]: direct << postfix,
    },
  })));
  return tries.reduce((best, each) => (each.length < best.length ? each : best));
}

const compress = { br: brotli, gz: (bytes) => gzipSync(bytes, { level: 9 }) };

execFileSync(join(here, "node_modules/.bin/tsc"), ["--noEmit", "-p", here], { stdio: "inherit" });
const script = Buffer.from(await bundle());
const outputs = {
  "v1.js": script, "v1.js.br": compress.br(script), "v1.js.gz": compress.gz(script), "v1.sources": stamp() + "\n",
};
const sizes = { raw: script.length, br: outputs["v1.js.br"].length, gz: outputs["v1.js.gz"].length };
console.log(`v1.js: ${sizes.raw} bytes, ${sizes.br} brotli (of ${BUDGET.br}), ${sizes.gz} gzip (of ${BUDGET.gz})`);
if (sizes.br > BUDGET.br || sizes.gz > BUDGET.gz) {
  console.error("The widget is over its budget.");
  process.exit(1);
}

// What the SDK says in a tag that the browser checks: this build's own address and its hash.
const digest = (name, form) => createHash(name).update(script).digest(form);
const pinned = `"""The build of the widget that this release goes with; written by \`npm run build\`."""

STAMP = "${digest("sha256", "hex").slice(0, 16)}"
INTEGRITY = "sha384-${digest("sha384", "base64")}"
`;
const sdk = join(here, "../sdk_python/afterword/widget_build.py");

if (process.argv.includes("--check")) {
  if (readFileSync(sdk, "utf8") !== pinned) {
    console.error("sdk_python/afterword/widget_build.py is stale: run `npm run build`.");
    process.exit(1);
  }
  if (["v1.js", "v1.sources"].some((name) => !readFileSync(join(target, name)).equals(Buffer.from(outputs[name])))) {
    console.error("collector/static/widget/v1.js is stale: run `npm run build`.");
    process.exit(1);
  }
} else {
  for (const folder of [target, join(here, "dist")]) mkdirSync(folder, { recursive: true });
  for (const name in outputs) writeFileSync(join(target, name), outputs[name]);
  writeFileSync(join(here, "dist/v1.js"), script);
  writeFileSync(sdk, pinned);
}
