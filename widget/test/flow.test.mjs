import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, load } from "./bundle.mjs";

const { isEmpty, visible, wording } = await load("flow.ts");

// What a field of the widget cannot produce (another type, an answer to what is not asked) is the collector's to refuse.
const sound = (await cases("flow")).filter(({ errors }) => Object.values(errors).every((code) => code === "required"));

for (const { why, questions, answers: given, complete, visible: asked, prompts, errors } of sound) {
  test(`${why}: ${JSON.stringify(given)}`, () => {
    // As a session holds them: texts trimmed, and without an object's own furniture.
    const trimmed = Object.entries(given).map(([id, value]) => [id, value?.trim?.() ?? value]);
    const answers = Object.assign(Object.create(null), Object.fromEntries(trimmed));
    const shown = visible(questions, answers);
    const comments = shown.filter(({ kind }) => kind === "comment");
    assert.deepEqual(shown.map(({ id }) => id), asked);
    assert.deepEqual(Object.fromEntries(comments.map((q) => [q.id, wording(q, answers)])), prompts);
    const missing = shown.filter(({ id, required }) => complete && required && isEmpty(answers[id])).map(({ id }) => id);
    assert.deepEqual(missing, Object.keys(errors));
  });
}
