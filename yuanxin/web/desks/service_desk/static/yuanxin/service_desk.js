"use strict";
// One key presses the button that shows it. Keys rest while a field has the focus and where somebody switched them off
// on the help sheet; Escape leaves a field, Ctrl+Enter saves its form, arrow down goes from the search box to the hits.
(() => {
  const OFF = "yuanxin.keys.off";
  const BY_KEY = "yuanxin.by-key";
  const fieldOf = (node) => node.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const seen = (node) => node.getClientRects().length > 0;
  const buttons = () => [...document.querySelectorAll("button[data-key], a[data-key]")].filter(seen);
  const first = (form) => [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].find(seen);

  function press(event) {
    if (event.defaultPrevented || event.repeat || localStorage.getItem(OFF) || event.target.closest("dialog")) return;
    const button = buttons().find((one) => one.dataset.key === event.key);
    if (!button) return;
    event.preventDefault();
    sessionStorage.setItem(BY_KEY, "1");
    button.click();
  }

  function inField(event, field) {
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
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const field = fieldOf(event.target);
    if (field) inField(event, field);
    else if (!event.ctrlKey && !event.metaKey && !event.altKey) press(event);
  });

  // The help sheet lists what this page has.
  function list() {
    const sheet = document.querySelector("#yx-keys dl");
    if (!sheet) return;
    sheet.querySelectorAll("[data-of-page]").forEach((node) => node.remove());
    buttons().forEach((button) => {
      const [term, words] = [document.createElement("dt"), document.createElement("dd")];
      const sign = document.createElement("kbd");
      sign.textContent = button.dataset.key;
      term.append(sign);
      words.textContent = [...button.childNodes].filter((node) => node.nodeName !== "KBD")
        .map((node) => node.textContent).join("").trim();
      [term, words].forEach((node) => { node.dataset.ofPage = ""; });
      sheet.append(term, words);
    });
  }

  // Who came by a key goes on in the form.
  if (sessionStorage.getItem(BY_KEY)) {
    sessionStorage.removeItem(BY_KEY);
    const form = document.querySelector("#main form[data-begin]");
    if (form && !document.activeElement?.closest("#main form")) first(form)?.focus();
  }
  document.addEventListener("yx:live", list);
  list();
})();
