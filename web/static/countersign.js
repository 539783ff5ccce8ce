"use strict";

// What is nicer with a script; everything works without it.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent);
  button.setAttribute("aria-live", "polite");
  button.classList.add("copied");
});

// Keys in lists: j and k move to the next and the previous row, Enter opens it as a link does.
// Without scripts the Tab key does the same.

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key !== "j" && event.key !== "k") return;
  const links = [...document.querySelectorAll("table[data-keys] tbody tr a")];
  if (!links.length) return;
  const row = document.activeElement?.closest("tr");
  const here = links.findIndex((link) => link.closest("tr") === row);
  const wanted = event.key === "j" ? here + 1 : Math.max(here - 1, 0);
  links[Math.min(wanted, links.length - 1)].focus();
  event.preventDefault();
});

// All rows of a list are ticked here; without scripts the page comes back with them ticked.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-select]");
  if (!link) return;
  const boxes = link.closest("form").querySelectorAll("td input[type=checkbox]");
  for (const box of boxes) box.checked = link.dataset.select === "all";
  event.preventDefault();
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
