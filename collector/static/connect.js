// Copies a snippet, and says aloud what has arrived. Without this script the snippets can be marked, and the page loaded again.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    document.getElementById("said").textContent = button.dataset.copied;
  });
}

document.addEventListener("afterword:fresh", () => {
  const said = document.getElementById("said");
  const headline = document.querySelector("[data-headline]")?.textContent ?? "";
  if (said.textContent !== headline) said.textContent = headline;
});
