import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, load } from "./bundle.mjs";

const { kinds } = await load("kinds/index.ts");
const table = await cases("kinds");

for (const { kind, question, answer, code, why } of table) {
  test(`${kind} answered ${JSON.stringify(answer)}: ${code ?? "accepted"}${why ? `, ${why}` : ""}`, () => {
    assert.equal(kinds[kind].check(question, answer) ?? null, code);
  });
}

test("the table has cases for every kind", () => {
  assert.deepEqual(Object.keys(kinds).sort(), [...new Set(table.map(({ kind }) => kind))].sort());
});
