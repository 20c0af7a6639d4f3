import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, load } from "./bundle.mjs";

const { kinds } = await load("kinds/all.ts");
const { outside } = await load("kinds/multiple_choice.ts");
const ON_THE_HOSTED_PAGE = "first_click"; // it needs a picture, which the page behind the link shows
const table = (await cases("kinds")).filter(({ kind }) => kind !== ON_THE_HOSTED_PAGE);

test("there is a field for every kind that the widget shows, and for no other", () => {
  assert.deepEqual(Object.keys(kinds).sort(), [...new Set(table.map(({ kind }) => kind))].sort());
});

const possible = table.filter(({ answer, code }) => !code || (/^too_(few|many)$/.test(code) && answer.length));

// Of what the wire refuses, boxes ticked too few or too many are all that a person can produce in the widget.
for (const { kind, question, answer, code, why } of possible) {
  test(`${kind} answered ${JSON.stringify(answer)}: ${code ?? "accepted"}${why ? `, ${why}` : ""}`, () => {
    assert.equal(outside(question, [answer].flat()), !!code);
  });
}
