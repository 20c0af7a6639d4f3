// Takes a drawing away as SVG, PNG or CSV. Without this script the buttons stay hidden, and the table says it all.
const STYLE = ["tokens.css", "charts.css"].map((name) => new URL(name, import.meta.url));

function download(name, blob) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function standalone(chart) {
  const height = Number(chart.getAttribute("height"));
  const width = chart.getBoundingClientRect().width || 1000; // the curve of the wide map is not laid out on a narrow screen
  const copy = chart.cloneNode(true);
  const sheets = await Promise.all(STYLE.map(async (address) => (await fetch(address)).text()));
  const style = document.createElementNS(chart.namespaceURI, "style");
  style.textContent = `${sheets.join("\n")}\nsvg { color-scheme: light; background: #fff; }`;
  copy.prepend(style);
  const margin = 24;
  const attributes = { width: width + 2 * margin, height: height + 2 * margin, viewBox: `${-margin} ${-margin} ${width + 2 * margin} ${height + 2 * margin}` };
  const frame = document.createElementNS(chart.namespaceURI, "svg");
  for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
  copy.setAttribute("width", width);
  frame.append(copy);
  return { text: new XMLSerializer().serializeToString(frame), width: attributes.width, height: attributes.height };
}

async function png({ text, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * 2, height: height * 2 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

// A cell that begins like a formula gets an apostrophe, so that no spreadsheet runs it; a plain number stays a number.
function cell(text) {
  const plain = text.trim().replace(/\s+/g, " ").replace(/^\u2212(?=[\d.,])/, "-");
  const number = /^[-+]?[\d.,\u202f]+( ?%)?$/.test(plain);
  const safe = !number && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  return `"${safe.replaceAll('"', '""')}"`;
}

function csv(table) {
  const rows = [...table.rows].map((row) => [...row.cells].map((each) => cell(each.textContent)).join(","));
  return `\ufeff${rows.join("\r\n")}\r\n`;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-as]");
  if (event.target.closest("[data-print]")) print();
  if (!button) return;
  const tools = button.closest("[data-save]");
  const name = `${tools.dataset.save}.${button.dataset.as}`;
  if (button.dataset.as === "csv") return download(name, new Blob([csv(tools.querySelector("table"))], { type: "text/csv" }));
  const drawing = await standalone(tools.parentElement.querySelector(".chart:not(.sparkline, .strip)"));
  const blob = button.dataset.as === "png" ? await png(drawing) : new Blob([drawing.text], { type: "image/svg+xml" });
  download(name, blob);
});

function show() {
  for (const hidden of document.querySelectorAll("[data-as][hidden], [data-save] > [hidden], [data-print][hidden]")) hidden.hidden = false;
}
document.addEventListener("afterword:fresh", show);
show();
