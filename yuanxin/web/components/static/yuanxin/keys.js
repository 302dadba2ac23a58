"use strict";
// Single keys work only while no field has the focus, and can be switched off on the help sheet.
// Any button, link, field or summary with data-key="x" has the key x; data-key-label (or its own words) stands on the
// sheet behind "?", which is made from what the page offers at that moment. Rows keep data-key for live parts: they
// have no key.
(() => {
  const OFF = "yuanxin.keys.off";
  const FIELDS = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select";
  const sheet = () => document.getElementById("yx-keys");
  const typing = (target) => target.closest(`${FIELDS}, [contenteditable], dialog`);
  const seen = (element) => element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
  const offered = () => [...document.querySelectorAll("[data-key]:not([data-row])")]
    .filter((element) => element.dataset.key.length === 1 && !element.disabled && seen(element));
  let here = null;

  const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(here?.isConnected ? here : document.activeElement.closest("[data-row]"));
    all.forEach((row) => row.classList.remove("yx-here"));
    here = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    here.classList.add("yx-here");
    const target = here.querySelector("a, button") || here;
    if (target === here) here.tabIndex = -1;
    target.focus();
    here.scrollIntoView({ block: "nearest" });
  }

  function tick() {
    const box = (here?.isConnected ? here : document.activeElement.closest("[data-row]"))?.querySelector("[data-tick]");
    box?.click();
  }

  function open(event) {
    if (event.target.closest("a, button, summary, input, label") || !here?.isConnected) return false;
    here.querySelector("a")?.click();
    return true;
  }

  function press(element) {
    if (element.matches(FIELDS)) {
      element.focus();
      element.select?.();
    } else {
      element.click();
      if (element.nodeName === "SUMMARY") element.parentElement.querySelector("input:not([type=hidden]), select")?.focus();
    }
  }

  function nameOf(element) {
    return element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.trim();
  }

  function show() {
    const list = document.getElementById("yx-keys-here");
    if (!sheet() || sheet().open) return;
    list.replaceChildren(...offered().flatMap((element) => {
      const key = document.createElement("kbd");
      const [term, words] = [document.createElement("dt"), document.createElement("dd")];
      key.textContent = element.dataset.key;
      term.append(key);
      words.textContent = nameOf(element);
      return [term, words];
    }));
    sheet().querySelectorAll("[data-offered-by]").forEach((term) => {
      const missing = !document.querySelector(term.dataset.offeredBy);
      term.hidden = term.nextElementSibling.hidden = missing;
    });
    sheet().showModal();
  }

  const deeds = {
    "/": () => document.querySelector("[data-search], [type=search]")?.focus(),
    "?": show,
    j: () => step(1),
    k: () => step(-1),
    x: tick,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (event.key !== "?" && localStorage.getItem(OFF)) return;
    if (event.key === "Enter") {
      if (open(event)) event.preventDefault();
      return;
    }
    const mine = offered().find((element) => element.dataset.key === event.key);
    const deed = mine ? () => press(mine) : deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-keys]")) show();
  });

  const off = document.getElementById("yx-keys-off");
  if (off) {
    off.checked = Boolean(localStorage.getItem(OFF));
    off.addEventListener("change", () => {
      if (off.checked) localStorage.setItem(OFF, "1");
      else localStorage.removeItem(OFF);
    });
  }
})();
