// What is nicer with a script; everything works without it.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent);
  button.setAttribute("aria-live", "polite");
  button.classList.add("copied");
});

// What somebody typed when his session had ended: kept in this tab, and put back where it was.
const kept = document.querySelector("[data-kept-for]");
if (kept) {
  sessionStorage.setItem(`kept ${new URL(kept.dataset.keptFor, location).pathname}`, kept.value);
  const back = document.getElementById("back");
  if (back) location.replace(back.href);
} else {
  const name = `kept ${location.pathname}`;
  const field = document.querySelector('main textarea[name="text"]');
  const text = sessionStorage.getItem(name);
  if (field && text !== null) {
    if (!field.value) field.value = text;
    sessionStorage.removeItem(name);
  }
}
