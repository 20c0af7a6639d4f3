/** The types for JSX, templates and markup hold with the real frameworks' own. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const widget = fileURLToPath(new URL("..", import.meta.url));

test("React, Vue and Svelte take the element and its attributes, and no wrong ones", () => {
  execFileSync(`${widget}node_modules/.bin/tsc`, ["--noEmit", "-p", `${widget}frameworks/types`], { stdio: "inherit" });
});
