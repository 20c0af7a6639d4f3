// Keeps a page fresh: asks for its fragment every few seconds and swaps the parts that changed, so that focus, scroll
// position and opened details stay as they are. Pauses while nobody looks; says so when the connection is lost.
const EVERY = 4000;
const mark = document.getElementById("live");
const last = new Map();
let etag = "";
let failures = 0;

function say(state) {
  if (mark && mark.dataset.state !== state) {
    mark.dataset.state = state;
    mark.textContent = mark.dataset[state];
  }
}

function swap(part, fresh) {
  const opened = [...part.querySelectorAll("details[open][id]")].map((details) => details.id);
  const focused = part.contains(document.activeElement) ? document.activeElement.id || document.activeElement.href : "";
  const scrolled = [...part.querySelectorAll("[tabindex][id]")].map((box) => [box.id, box.scrollLeft]);
  part.replaceWith(fresh);
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, left] of scrolled) document.getElementById(id)?.scrollTo({ left, behavior: "instant" });
  if (focused) [...fresh.querySelectorAll("a,button,[tabindex]")].find((each) => each.id === focused || each.href === focused)?.focus({ preventScroll: true });
  fresh.classList.add("fresh");
  fresh.dispatchEvent(new CustomEvent("afterword:fresh", { bubbles: true }));
}

function take(html) {
  const parts = new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-part]");
  for (const fresh of parts) {
    const name = fresh.dataset.part;
    const part = document.querySelector(`[data-part="${CSS.escape(name)}"]`);
    const text = fresh.innerHTML;
    if (part && last.has(name) && last.get(name) !== text) swap(part, document.adoptNode(fresh));
    last.set(name, text);
  }
}

async function look() {
  if (document.hidden) return say("paused");
  try {
    const headers = { "X-Fragment": "1", ...(etag && { "If-None-Match": etag }) };
    const answer = await fetch(location.href, { headers, cache: "no-store", redirect: "error" });
    if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
    if (answer.status === 200) {
      etag = answer.headers.get("ETag") ?? "";
      take(await answer.text());
    }
    failures = 0;
    say("live");
  } catch {
    failures += 1;
    if (failures > 1) say("lost");
  }
}

async function keep() {
  await look();
  setTimeout(keep, EVERY * Math.min(8, 1 + failures));
}

document.addEventListener("visibilitychange", () => document.hidden || look());
keep();
