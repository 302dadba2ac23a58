"use strict";
// An agent's hands stay on the keys: Escape leaves a field, Ctrl+Enter saves its form, arrow down goes from the search
// box to the hits, and who comes to a form by a key goes on in its first field. Single keys are those of keys.js.
(() => {
  const BY_KEY = "yuanxin.by-key";
  const fieldOf = (node) => node.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select");
  const seen = (node) => node.getClientRects().length > 0;
  const first = (form) => [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].find(seen);

  document.addEventListener("keydown", (event) => {
    const field = fieldOf(event.target);
    if (!field || event.isComposing) return;
    if (event.key === "Escape") field.blur();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field.form?.method === "post") {
      event.preventDefault();
      sessionStorage.setItem(BY_KEY, "1");
      field.form.requestSubmit();
    }
    if (event.key === "ArrowDown" && field.matches("[data-search]")) {
      event.preventDefault();
      document.querySelector("#hits a")?.focus();
    }
  });

  // A click without a pointer comes from a key.
  document.addEventListener("click", (event) => {
    if (event.detail === 0 && event.target.closest("[data-key]")) sessionStorage.setItem(BY_KEY, "1");
  }, true);

  const byKey = sessionStorage.getItem(BY_KEY);
  sessionStorage.removeItem(BY_KEY);
  const form = document.querySelector("#main form[data-begin]");
  if (byKey && form && !document.activeElement?.closest("#main form")) first(form)?.focus();
})();
