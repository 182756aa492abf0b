// Single keys for people who spend the day at the desk. They can be switched off (WCAG 2.1.4), which this browser remembers.
const STORE = "sachstand.keys";
const off = () => localStorage.getItem(STORE) === "off";
const rows = () => [...document.querySelectorAll("[data-row]")];
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

const move = (step) => {
  const all = rows();
  const next = all[Math.min(Math.max(all.indexOf(document.activeElement) + step, 0), all.length - 1)];
  next?.focus();
};

const ACTIONS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => document.activeElement.closest("[data-row]")?.click(),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => document.querySelector("[data-keys-help] > summary")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (off() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const action = ACTIONS[event.key] ?? (marked && (() => marked.click()));
  if (!action) return;
  event.preventDefault();
  action();
});

const control = document.querySelector("[data-keys-switch]");
if (control) {
  control.closest("[hidden]").hidden = false;
  control.checked = !off();
  control.addEventListener("change", () => localStorage.setItem(STORE, control.checked ? "on" : "off"));
}
