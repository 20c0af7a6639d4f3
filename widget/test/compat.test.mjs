/**
 * Nothing newer than the claim is used, but what is done without where it is missing: what the build reads, sets and
 * names, and what its style sheet says, against MDN's compatibility data. A name counts as old as its oldest owner.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "acorn";

const CLAIM = { chrome: 111, firefox: 113, safari: 16.4 };
const DONE_WITHOUT = {
  "api keepalive": "an answer given while the page goes may need `storage`",
  "api popover": "drawn at the start of the body",
  "api showPopover": "drawn at the start of the body",
  "attribute popover": "drawn at the start of the body",
  "property forced-color-adjust": "only where colours can be forced",
  "selector has": "only the chosen star is filled",
};
/** Names of the wire and of attributes that newer features share; shortened names have one letter. */
const OURS = /^api (\w|element|in|layout|locale|retry|role|take|to|token)$/;

const SCRIPTS = ["v1", "v1.ask", "v1.show", "v1.extras", "v1.tab"];

const here = new URL(".", import.meta.url);
const read = (path) => readFileSync(new URL(path, here), "utf8");
const data = JSON.parse(read("../node_modules/@mdn/browser-compat-data/data.json"));

/** The first version of each browser that has a feature without a flag or another name. */
function since({ __compat }) {
  return Object.keys(CLAIM).map((browser) => {
    const plain = [__compat.support[browser]].flat().filter((one) => one && !one.flags && !one.prefix && !one.alternative_name);
    const versions = plain.map(({ version_added: added }) => (added ? parseFloat(added.replace("≤", "")) || Infinity : Infinity));
    return Math.min(Infinity, ...versions);
  });
}

/** name -> the oldest of all that are called so. */
const oldest = {};
function note(kind, name, feature) {
  if (!feature?.__compat) return;
  const key = `${kind} ${name}`;
  const now = since(feature);
  oldest[key] = oldest[key] ? oldest[key].map((version, i) => Math.min(version, now[i])) : now;
}
for (const [kind, owners] of [["api", data.api], ["api", data.javascript.builtins]])
  for (const owner in owners) {
    note(kind, owner, owners[owner]);
    for (const member in owners[owner]) {
      note(kind, member.replace(/_static$/, ""), owners[owner][member]);
    }
  }
for (const name in data.html.global_attributes) note("attribute", name, data.html.global_attributes[name]);
for (const name in data.css.properties) note("property", name, data.css.properties[name]);
for (const name in data.css.selectors) note("selector", name, data.css.selectors[name]);
for (const name in data.css["at-rules"].media) note("media", name, data.css["at-rules"].media[name]);
note("function", "color-mix", data.css.types.color["color-mix"]);

function* named(node) {
  if (Array.isArray(node)) for (const each of node) yield* named(each);
  if (!node?.type) return;
  if (node.type == "MemberExpression" && !node.computed) yield `api ${node.property.name}`;
  if (node.type == "Property" && !node.computed) yield `api ${node.key.name ?? node.key.value}`;
  if (node.type == "Identifier") yield `api ${node.name}`;
  if (node.type == "Literal" && /^[a-z-]+$/.test(node.value)) yield `attribute ${node.value}`;
  for (const key in node) yield* named(node[key]);
}

function* styled(css) {
  for (const [, name] of css.matchAll(/[{;\s]([a-z-]+):/g)) yield `property ${name}`;
  for (const [, name] of css.matchAll(/::?([a-z-]+)/g)) yield `selector ${name}`;
  for (const [, name] of css.matchAll(/\(([a-z-]+)\s*:/g)) yield `media ${name}`;
  for (const [, name] of css.matchAll(/([a-z-]+)\(/g)) yield `function ${name}`;
}

test("what is newer than the claim is done without", () => {
  const used = new Set([...SCRIPTS.flatMap((name) => [...named(parse(read(`../../collector/static/widget/${name}.js`), { ecmaVersion: 2022, sourceType: "module" }))]),
    ...["style", "list", "extras"].flatMap((name) => [...styled(read(`../src/${name}.css`))])]);
  const newer = [...used].filter((name) => oldest[name]?.some((version, i) => version > Object.values(CLAIM)[i]) && !OURS.test(name)).sort();
  assert.deepEqual(newer, Object.keys(DONE_WITHOUT).sort());
});
