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

// Names of properties that meet neither the wire nor the DOM, and may therefore be shortened: always to the same letters,
// since for a day after an upgrade a page's asking part may meet a newer showing part.
const OURS = Object.fromEntries("answer box draft drafted face passed put seen settled tell waits keep substitute lacks kept".split(" ").map((name, i) => [name, String.fromCharCode(97 + i)]));
const BUDGET = { "v1.js": [6000, 6900], "v1.whole.js": [6500, 7350], "v1.ask.js": [2000, 2200], "v1.show.js": [4300, 4900], "v1.extras.js": [1200, 1400], "v1.tab.js": [1000, 1200], "v1.later.js": [500, 600], "v1.join.js": [500, 600] }; // bytes: Brotli, gzip
const ONE_QUESTION = 6000; // bytes of Brotli: asked for and shown
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
      // esbuild leaves blanks in custom properties, in the arguments of functions and about slashes.
      const tight = code.trim().replace(/(--[\w-]+): /g, "$1:").replaceAll(", ", ",").replace(/ ([/}]) ?/g, "$1");
      return { contents: tight, loader: "text" };
    });
  },
};

/** Put one source file in the place of others: where parts are in one file, or one part has what another lends it. */
const instead = (file, filter) => ({
  name: file,
  setup({ onResolve }) {
    const path = join(here, "src", file);
    onResolve({ filter }, ({ importer }) => (importer === path ? undefined : { path }));
  },
});
const ONE_FILE = [
  instead("parts_here.ts", /\/(parts|further)\.ts$/), instead("waiting_here.ts", /\/waiting\.ts$/),
  instead("kinds/all.ts", /\/index\.ts$/), instead("fetched_here.ts", /\/fetched\.ts$/), instead("style_all.ts", /\/style\.ts$/),
];
const NEAR = [
  instead("parts_near.ts", /\/(parts|further)\.ts$/), instead("waiting_here.ts", /\/waiting\.ts$/), instead("fetched_here.ts", /\/fetched\.ts$/),
  instead("kinds/near.ts", /\/index\.ts$/), instead("style_near.ts", /\/style\.ts$/),
];

async function bundle(entry, format, plugins = [], stamps = {}) {
  const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
  const { outputFiles } = await build({
    entryPoints: [join(here, "src", entry)],
    bundle: true, minify: true, write: false, format, target: "es2022", charset: "utf8",
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } }, plugins: [minifiedCss, ...plugins],
    define: { VERSION: JSON.stringify(version), ...stamps }, mangleProps: new RegExp(`^(${Object.keys(OURS).join("|")})$`),
    mangleCache: { ...OURS }, legalComments: "none",
  });
  // A second minifier, for the 3 % that one pass of esbuild leaves: 170 of 6,000 bytes. Which setting packs best, none knows.
  const arrows = { hoist_funs: true, unsafe_arrows: true }; // safe here: nothing is called by `new` but classes
  const tries = [{ hoist_funs: true }, arrows, {}, { hoist_funs: true, sequences: false }, { sequences: false }].map(async (each) => {
    const options = { ecma: 2020, toplevel: true, module: format == "esm", compress: { passes: 3, keep_fargs: false, ...each } };
    return Buffer.from((await minify(outputFiles[0].text, options)).code + "\n");
  });
  return (await Promise.all(tries)).reduce((best, each) => (brotli(each).length < brotli(best).length ? each : best));
}

/** Each script of this build; one that fetches another knows it by its stamp. */
async function bundles() {
  const stamped = (script) => JSON.stringify(digest(script, "sha256", "hex").slice(0, 16) + ".js");
  const extras = await bundle("extras.ts", "esm", [instead("lent_to_extras.ts", /\/(collector|delivery|dom|choices|scale)\.ts$/)]);
  const show = await bundle("show.ts", "esm", [instead("lent_to_show.ts", /\/(collector|dress|sight)\.ts$/)], { EXTRAS: stamped(extras) });
  return {
    "v1.js": await bundle("main.ts", "iife", NEAR, { EXTRAS: JSON.stringify("extras.js?" + digest(extras, "sha256", "hex").slice(0, 4)) }),
    "v1.whole.js": await bundle("main.ts", "iife", ONE_FILE), "v1.ask.js": await bundle("main.ts", "iife", [], { SHOW: stamped(show) }),
    "v1.show.js": show, "v1.extras.js": extras, "v1.tab.js": await bundle("tab.ts", "esm"),
    "v1.later.js": await bundle("later.ts", "esm"), "v1.join.js": await bundle("join.ts", "esm"),
  };
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
const digest = (script, name, form) => createHash(name).update(script).digest(form);
const scripts = await bundles();
const outputs = { "v1.sources": stamp() + "\n" };
for (const [name, script] of Object.entries(scripts)) {
  const [br, gz] = [compress.br(script), compress.gz(script)];
  Object.assign(outputs, { [name]: script, [name + ".br"]: br, [name + ".gz"]: gz });
  const [brotli, gzip] = BUDGET[name];
  console.log(`${name}: ${script.length} bytes, ${br.length} brotli (of ${brotli}), ${gz.length} gzip (of ${gzip})`);
  if (br.length > brotli || gz.length > gzip) fail(`${name} is over its budget.`);
}
if (outputs["v1.ask.js.br"].length + outputs["v1.show.js.br"].length > ONE_QUESTION) fail("One question is over its budget.");

function fail(why) {
  console.error(why);
  process.exit(1);
}

// What the SDK says in a tag that the browser checks: this build's own address and its hash.
const whole = scripts["v1.whole.js"];
const pinned = `"""The build of the widget that this release goes with; written by \`npm run build\`."""

STAMP = "${digest(whole, "sha256", "hex").slice(0, 16)}"
INTEGRITY = "sha384-${digest(whole, "sha384", "base64")}"
`;
const sdk = join(here, "../sdk_python/afterword/widget_build.py");

if (process.argv.includes("--check")) {
  if (readFileSync(sdk, "utf8") !== pinned) fail("sdk_python/afterword/widget_build.py is stale: run `npm run build`.");
  const stale = Object.keys(outputs).filter((name) => !/\.(br|gz)$/.test(name) && !readFileSync(join(target, name)).equals(Buffer.from(outputs[name])));
  if (stale[0]) fail(`collector/static/widget: ${stale} is stale: run \`npm run build\`.`);
} else {
  for (const folder of [target, join(here, "dist")]) mkdirSync(folder, { recursive: true });
  for (const name in outputs) writeFileSync(join(target, name), outputs[name]);
  writeFileSync(join(here, "dist/v1.js"), whole);
  writeFileSync(sdk, pinned);
}
