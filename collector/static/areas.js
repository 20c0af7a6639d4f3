// Mark an area by dragging over the picture: the numbers go into the first row that is empty. Without this they are typed.
for (const picture of document.querySelectorAll("[data-areas]")) {
  const fields = document.getElementById(picture.dataset.areas);
  const box = picture.viewBox.baseVal;
  let from = null;
  let drawn = null;
  fields.querySelector("[data-drag]").hidden = false;
  picture.classList.add("clicks--marking");

  const part = (event) => {
    const { left, top, width, height } = picture.getBoundingClientRect();
    const inside = (value) => Math.min(1, Math.max(0, value));
    return { x: inside((event.clientX - left) / width), y: inside((event.clientY - top) / height) };
  };
  const rectangle = (to) => ({
    left: Math.min(from.x, to.x), top: Math.min(from.y, to.y),
    width: Math.abs(from.x - to.x), height: Math.abs(from.y - to.y),
  });

  picture.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    from = part(event);
    drawn = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    drawn.setAttribute("class", "clicks__area");
    picture.append(drawn);
  });
  picture.addEventListener("pointermove", (event) => {
    if (!from) return;
    const { left, top, width, height } = rectangle(part(event));
    const sides = { x: left * box.width, y: top * box.height, width: width * box.width, height: height * box.height };
    for (const [name, value] of Object.entries(sides)) drawn.setAttribute(name, value);
  });
  picture.addEventListener("pointercancel", () => { from = null; drawn?.remove(); });
  picture.addEventListener("pointerup", (event) => {
    if (!from) return;
    const marked = rectangle(part(event));
    from = null;
    const rows = [...fields.querySelectorAll("[data-area]")];
    const row = rows.find((each) => [...each.querySelectorAll("input")].slice(1).every((input) => !input.value));
    if (!row || marked.width < 0.005 || marked.height < 0.005) return drawn.remove();
    for (const [name, value] of Object.entries(marked)) {
      row.querySelector(`[name=${name}]`).value = Math.round(value * 1000) / 10;
    }
    row.querySelector("[name=area]").focus();
  });
}
