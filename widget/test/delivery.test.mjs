import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { load } from "./bundle.mjs";

// The network's edge: what the browser's fetch would do.
const sent = [];
let answer = () => 201;
let said = (status) => (status < 300 ? { response_id: "r" } : { code: "some_reason" });
globalThis.document = { currentScript: null };
globalThis.addEventListener = (type, handler) => (globalThis["on" + type] = handler);
globalThis.fetch = async (_url, { body }) => {
  sent.push(JSON.parse(body));
  const status = await answer();
  if (!status) throw new TypeError("Failed to fetch");
  return { status, json: async () => said(status) };
};

globalThis.XMLHttpRequest = class {
  open() {}
  send() { this.status = 0; this.response = null; this.onloadend(); }
};

const { outbox } = await load("delivery.ts");
const [WAITING, REFUSED, STORED] = [0, 1, 2];
const turns = async () => { for (let i = 0; i < 20; i++) await null; };
const start = () => {
  const fates = [];
  const kept = [];
  const put = outbox("/w/v1/responses", { token: "t", response_id: "r" }, (m) => kept.push(m && { ...m.answers }), (f) => fates.push(f));
  return { put, fates, kept };
};

beforeEach(() => {
  sent.length = 0;
  answer = () => 201;
  said = (status) => (status < 300 ? { response_id: "r" } : { code: "some_reason" });
});

test("an answer goes out at once and is not kept once it is stored", async () => {
  const { put, fates, kept } = start();
  put({ score: 9 });
  await turns();
  assert.deepEqual(sent, [{ token: "t", response_id: "r", answers: { score: 9 }, complete: false }]);
  assert.deepEqual(fates, [STORED]);
  assert.deepEqual(kept, [{ score: 9 }, false]);
});

test("what comes during a request follows it", async () => {
  const { put } = start();
  put({ score: 9 });
  put({ comment: "Quick!" }, true);
  await turns();
  assert.deepEqual(sent.map(({ answers, complete }) => [answers, complete]),
    [[{ score: 9 }, false], [{ comment: "Quick!" }, true]]);
});

test("what was not acknowledged goes again with what is new", async () => {
  const { put, fates } = start();
  answer = () => 0;
  put({ score: 9 });
  await turns();
  answer = () => 201;
  put({ comment: "Quick!" }, true);
  await turns();
  assert.deepEqual(sent[1].answers, { score: 9, comment: "Quick!" });
  assert.deepEqual(fates, [WAITING, STORED]);
});

for (const status of [0, 429, 500, 503]) {
  test(`a ${status || "network failure"} is tried again, ever more slowly`, async () => {
    const timers = mock.method(globalThis, "setTimeout", () => 0);
    const { put } = start();
    answer = () => status;
    put({ score: 9 });
    for (const wait of [2000, 4000, 8000]) {
      await turns();
      const before = sent.length;
      const [again, after] = timers.mock.calls.at(-1).arguments;
      assert.equal(after, wait);
      assert.equal(sent.length, before);
      again();
      assert.equal(sent.length, before + 1);
    }
    await turns(); // or the last try would set a timer of the real clock
    timers.mock.restore();
  });
}

for (const [status, fate] of [[200, STORED], [409, STORED], [410, REFUSED], [422, REFUSED]]) {
  test(`a ${status} is final: ${fate}`, async () => {
    const { put, fates } = start();
    answer = () => status;
    put({ score: 9 });
    await turns();
    globalThis.ononline();
    await turns();
    assert.equal(sent.length, 1);
    assert.deepEqual(fates, [fate]);
  });
}

test("a leaving page sends beside the request that is on its way, with all that is open", async () => {
  const { put } = start();
  answer = () => new Promise(() => {});
  put({ score: 9 });
  put({ comment: "Qui" });
  assert.equal(sent.length, 1);
  put({}, false, true);
  assert.deepEqual(sent[1].answers, { score: 9, comment: "Qui" });
});

for (const [what, status, body] of [
  ["a sign-in page", 200, () => JSON.parse("<!doctype html>")],
  ["JSON of somebody else", 200, () => ({ ok: true })],
  ["another response", 200, () => ({ response_id: "another" })],
  ["a proxy's 404", 404, () => JSON.parse("<h1>Not found</h1>")],
  ["a proxy's 403 in JSON", 403, () => ({ message: "Forbidden" })],
  ["null", 200, () => null],
]) {
  test(`${what} is no answer: it is kept and tried again`, async () => {
    const timers = mock.method(globalThis, "setTimeout", () => 0);
    const { put, fates, kept } = start();
    answer = () => status;
    said = body;
    put({ score: 9 });
    await turns();
    assert.deepEqual([fates, kept, timers.mock.callCount()], [[WAITING], [{ score: 9 }], 1]);
    timers.mock.restore();
  });
}
