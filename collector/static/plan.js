// The asking plan while its sliders move: shares, answers a month, days until enough. Without this script, fields and Save do.
const MONTH = 30.4;
const form = document.getElementById("plan");
const table = document.getElementById("shares");

function number(value, digits = 0) {
  const form = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(table.dataset.language, form).format(value);
}

function weights(rows) {
  if (form.elements.mode.value === "end") return rows.map((_, at) => Number(at === rows.length - 1));
  return rows.map((row) => Math.max(0, Number(row.querySelector("[type=number]").value) || 0));
}

function show() {
  const rows = [...table.tBodies[0].rows];
  const weighed = weights(rows);
  const total = weighed.reduce((sum, weight) => sum + weight, 0);
  rows.forEach((row, at) => {
    const share = total ? weighed[at] / total : 0;
    const answers = Number(row.dataset.most) * share;
    row.querySelector("[data-share]").textContent = new Intl.NumberFormat(table.dataset.language, { style: "percent" }).format(share);
    row.querySelector("[data-answers]").textContent = number(answers, answers < 10 ? 1 : 0);
    for (const cell of row.querySelectorAll("[data-until]")) {
      cell.textContent = answers ? number(Math.round((cell.dataset.until / answers) * MONTH)) : "–";
    }
    for (const field of row.querySelectorAll("input")) field.readOnly = form.elements.mode.value === "end";
  });
}

if (form) {
  for (const slider of form.querySelectorAll("[data-slider]")) slider.hidden = false;
  form.addEventListener("input", ({ target }) => {
    const pair = target.closest(".weigh");
    if (pair) for (const field of pair.querySelectorAll("input")) field.value = target.value;
    show();
  });
  const level = document.getElementById("level");
  if (level) {
    level.hidden = false;
    level.addEventListener("click", () => {
      for (const field of form.querySelectorAll(".weigh input")) field.value = 50;
      show();
    });
  }
}
