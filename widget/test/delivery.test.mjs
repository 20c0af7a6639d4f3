import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { load } from "./bundle.mjs";

// The network's edge: what the browser's fetch would do.
const sent = [];
let answer = () => 201;
globalThis.document = { currentScript: null };
globalThis.addEventListener = (type, handler) => (globalThis["on" + type] = handler);
globalThis.fetch = async (_url, { body }) => {
  sent.push(JSON.parse(body));
  const status = await answer();
  if (!status) throw new TypeError("Failed to fetch");
  return { status, ok: status < 300 };
};

const { outbox } = await load("delivery.ts");
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
});

test("an answer goes out at once and is not kept once it is stored", async () => {
  const { put, fates, kept } = start();
  put({ score: 9 });
  await turns();
  assert.deepEqual(sent, [{ token: "t", response_id: "r", answers: { score: 9 }, complete: false }]);
  assert.deepEqual(fates, ["stored"]);
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
  assert.deepEqual(fates, ["waiting", "stored"]);
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
    timers.mock.restore();
  });
}

for (const [status, fate] of [[200, "stored"], [409, "stored"], [410, "refused"], [422, "refused"]]) {
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
