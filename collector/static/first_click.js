/* The page behind the link of a survey that asks about a picture: the first click is sent as it is made, and stays.
   It runs in the page's head: only where it has come is the picture shrunk to the page (see hosted.css). */
document.documentElement.classList.add("scripted");
const collector = new URL("..", document.currentScript.src);

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form");
  const question = form?.querySelector(".click");
  if (!question) return;
  const picture = question.querySelector("[type=image]");
  const cross = question.querySelector(".click__cross");
  const keys = question.querySelector(".click__keys");
  const [left, top] = keys.querySelectorAll("[type=range]");
  const rest = form.querySelector(".rest");
  const said = form.querySelector("[role=status]");
  const { token, response_id } = Object.fromEntries(new FormData(form));
  const { question: id, more, clicked } = question.dataset;
  const isWhole = !more;
  const begun = performance.now();
  let answer;

  rest.hidden = true;
  send("w/v1/events", { token, event: "shown", mode: "page" });

  picture.addEventListener("click", (event) => {
    event.preventDefault();
    if (!event.detail) { // by a key: there is no place yet
      keys.open = true;
      left.focus();
      return;
    }
    const box = picture.getBoundingClientRect();
    choose((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  });

  keys.addEventListener("toggle", show);
  keys.addEventListener("input", show);
  keys.querySelector("button").addEventListener("click", (event) => {
    event.preventDefault();
    choose(left.value / 100, top.value / 100);
  });

  function show() {
    cross.hidden = !keys.open;
    mark(left.value / 100, top.value / 100);
  }

  function mark(x, y) {
    cross.style.left = `${100 * x}%`;
    cross.style.top = `${100 * y}%`;
  }

  async function choose(x, y) {
    if (answer) return; // the first click is the one that is asked for
    answer = { x: part(x), y: part(y), ms: Math.round(performance.now() - begun) };
    cross.hidden = false;
    mark(x, y);
    const body = { token, response_id, answers: { [id]: answer }, complete: isWhole, mode: "page" };
    const { status } = await send("w/v1/responses", { ...body, locale: document.documentElement.lang });
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) return location.reload();
    if (isWhole && status) return location.assign("?thanks");
    question.disabled = true;
    keys.hidden = true;
    if (!status || status >= 500 || status === 429) { // it goes along with the rest
      const kept = document.createElement("input");
      Object.assign(kept, { type: "hidden", name: `answers.${id}`, value: JSON.stringify(answer) });
      form.append(kept);
    } else {
      said.textContent = clicked;
    }
    rest.hidden = false;
    rest.querySelector("textarea, input, button").focus();
  }
});

/** A part of the picture, 0 to 1, to four digits. */
function part(value) {
  return Math.round(Math.min(1, Math.max(0, value)) * 1e4) / 1e4;
}

async function send(path, body) {
  try {
    const headers = { "Content-Type": "application/json" };
    return await fetch(new URL(path, collector), { method: "POST", headers, body: JSON.stringify(body), keepalive: true });
  } catch {
    return { status: 0 };
  }
}
