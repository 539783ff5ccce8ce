// What is nicer with a script; everything works without it.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent);
  button.setAttribute("aria-live", "polite");
  button.classList.add("copied");
});
