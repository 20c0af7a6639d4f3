// Keeps the preview in step with the form, and typed words from being lost. Without this script a button does the first.
const PAUSE = 400;
const form = document.getElementById("edit");
const refresh = document.getElementById("refresh");
const frame = document.getElementById("preview");
let waiting;

function show() {
  if (refresh) return form.requestSubmit(refresh);
  const query = new URLSearchParams(["locale", "mode", "scheme"].map((name) => [name, form.elements[name].value]));
  frame.src = `${location.pathname}/preview?${query}`;
}

// The question in each language, whole, while what it is about is being typed.
function say() {
  const one = form.elements.subject?.value.trim() ?? "";
  for (const field of form.querySelectorAll("[data-subject]")) {
    const about = field.value.trim() || one;
    const row = field.closest(".sentence");
    const said = row.querySelector("[data-pattern]");
    said.textContent = said.dataset.pattern.replaceAll("{subject}", about || "…");
    row.querySelector("[data-lacks]").hidden = about !== "";
  }
}

// On the document: the preview's own fields belong to the form, but stand outside of it.
document.addEventListener("input", ({ target }) => {
  if (target.form !== form) return;
  say();
  clearTimeout(waiting);
  waiting = setTimeout(show, PAUSE);
});
document.getElementById("width").addEventListener("change", (event) => {
  frame.classList.toggle("preview__frame--phone", event.target.value === "phone");
});

// How the preview looks is not part of what would be lost.
function words() {
  const fields = new FormData(form);
  for (const name of ["mode", "scheme"]) fields.delete(name);
  return new URLSearchParams(fields).toString();
}
let saved = words();
form.addEventListener("submit", (event) => {
  if (event.submitter !== refresh) saved = words();
});
addEventListener("beforeunload", (event) => {
  if (words() !== saved) event.preventDefault();
});
if (refresh) refresh.hidden = true;
