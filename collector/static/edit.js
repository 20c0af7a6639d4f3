// Drag a step to its place, and keep typed words from being lost. Without this script buttons do the first.
const kept = [...document.querySelectorAll("form[data-keep]")];
const words = (form) => new URLSearchParams(new FormData(form)).toString();
const read = new Map(kept.map((form) => [form, words(form)]));
let leaving = null;

addEventListener("submit", (event) => { leaving = event.target; });
addEventListener("beforeunload", (event) => {
  if (kept.some((form) => form !== leaving && words(form) !== read.get(form))) event.preventDefault();
  leaving = null;
});
// A page out of the back-forward cache shows old numbers; ask for the new ones.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

const phases = document.querySelector("[data-move]");
if (phases) {
  let dragged = null;
  const clear = () => {
    for (const mark of phases.querySelectorAll(".is-before, .is-target")) mark.classList.remove("is-before", "is-target");
  };
  const place = (event) => {
    const phase = event.target.closest("[data-phase]");
    if (!phase) return null;
    const steps = [...phase.querySelectorAll("[data-step]")].filter((step) => step !== dragged);
    const next = steps.findIndex((step) => {
      const box = step.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    return { phase, steps, position: next < 0 ? steps.length : next };
  };
  phases.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-step]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.step);
    dragged.classList.add("is-dragged");
  });
  phases.addEventListener("dragover", (event) => {
    const target = dragged && place(event);
    clear();
    if (!target) return;
    event.preventDefault();
    const mark = target.steps[target.position];
    if (mark) mark.classList.add("is-before");
    else target.phase.querySelector(".steps").classList.add("is-target");
  });
  phases.addEventListener("drop", (event) => {
    const target = dragged && place(event);
    if (!target) return;
    event.preventDefault();
    const fields = document.getElementById("drop").elements;
    fields.step.value = dragged.dataset.step;
    fields.phase.value = target.phase.dataset.phase;
    fields.place.value = target.position;
    document.getElementById("drop").requestSubmit();
  });
  phases.addEventListener("dragend", () => {
    clear();
    dragged?.classList.remove("is-dragged");
    dragged = null;
  });
}
