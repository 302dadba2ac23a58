"use strict";
// Single keys work only while no field has the focus, and can be switched off on the help sheet.
(() => {
  const OFF = "yuanxin.keys.off";
  const sheet = () => document.getElementById("yx-keys");
  const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog");
  let here = -1;

  function step(by) {
    const rows = [...document.querySelectorAll("[data-rows] [data-row]")];
    if (!rows.length) return;
    rows.forEach((row) => row.classList.remove("yx-here"));
    here = Math.min(Math.max(here + by, 0), rows.length - 1);
    rows[here].classList.add("yx-here");
    (rows[here].querySelector("a, button") || rows[here]).focus();
    rows[here].scrollIntoView({ block: "nearest" });
  }

  const deeds = {
    "/": () => document.querySelector("[data-search]")?.focus(),
    "?": () => sheet()?.showModal(),
    j: () => step(1),
    k: () => step(-1),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (event.key !== "?" && localStorage.getItem(OFF)) return;
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-keys]")) sheet()?.showModal();
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
