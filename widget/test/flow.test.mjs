import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, load } from "./bundle.mjs";

const { problems, visible, wording } = await load("flow.ts");

for (const { why, questions, answers, complete, visible: asked, prompts, errors } of await cases("flow")) {
  test(`${why}: ${JSON.stringify(answers)}`, () => {
    const shown = visible(questions, answers);
    const comments = shown.filter(({ kind }) => kind === "comment");
    assert.deepEqual(shown.map(({ id }) => id), asked);
    assert.deepEqual(Object.fromEntries(comments.map((q) => [q.id, wording(q, questions, answers)])), prompts);
    assert.deepEqual({ ...problems(questions, answers, complete) }, errors);
  });
}
