// Says how far an export is, stops it, and saves a file only when it is whole. Without this script the links download.
const FOLD = 8_000_000; // bytes that are held before the browser may put them on its disk
const box = document.getElementById("exporting");
const number = new Intl.NumberFormat(document.documentElement.lang || "en");
let running = null;

// Ends of lines, but those within quotation marks: each is a row.
function counter(isTable) {
  let quoted = false;
  return (bytes) => {
    let rows = 0;
    for (const byte of bytes) {
      if (isTable && byte === 34) quoted = !quoted;
      else if (byte === 10 && !quoted) rows += 1;
    }
    return rows;
  };
}

function show(far, end = "") {
  box.hidden = false;
  box.querySelector("[data-far]").textContent = far;
  box.querySelector("[role=status]").textContent = end;
  box.querySelector("progress").parentElement.hidden = Boolean(end);
}

function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function take(address, signal) {
  const answer = await fetch(address, { headers: { "Afterword-Count": "1" }, cache: "no-store", signal });
  if (!answer.ok || answer.redirected) return location.assign(address);
  const all = Number(answer.headers.get("Afterword-Rows"));
  const type = answer.headers.get("Content-Type") ?? "";
  const isTable = type.startsWith("text/csv");
  const count = counter(isTable);
  const bar = box.querySelector("progress");
  bar.max = Math.max(1, all);
  let [folded, parts, held, rows] = [[], [], 0, isTable ? -1 : 0];
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    held += value.length;
    rows += count(value);
    if (held > FOLD) [folded, parts, held] = [[new Blob([...folded, ...parts])], [], 0];
    bar.value = Math.max(0, rows);
    show(box.dataset.of.replace("{done}", number.format(Math.max(0, rows))).replace("{all}", number.format(all)));
  }
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "export";
  save(new Blob([...folded, ...parts], { type }), name);
  show("", box.dataset.done.replace("{done}", number.format(Math.max(0, rows))));
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-export]");
  if (event.target.closest("#exporting button")) running?.abort();
  if (!link || !box || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (running) return;
  link.closest("details")?.removeAttribute("open");
  running = new AbortController();
  show("");
  box.querySelector("button").focus();
  try {
    await take(link.href, running.signal);
  } catch (error) {
    show("", error.name === "AbortError" ? box.dataset.stopped : box.dataset.broken);
  }
  running = null;
});
