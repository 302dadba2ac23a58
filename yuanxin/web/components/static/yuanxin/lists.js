"use strict";
// Ticking rows for one deed: all rows of the page by the box in the head, all that match by their own box.
(() => {
  const form = (bar) => bar.dataset.bulk;
  const ticks = (bar) => [...document.querySelectorAll(`[data-tick][form="${form(bar)}"]`)];
  const wants = (bar) => bar.querySelector("[data-all-matching]")?.checked;

  function count(bar) {
    const boxes = ticks(bar);
    const ticked = boxes.filter((box) => box.checked).length;
    const told = bar.querySelector("[data-ticked]");
    const words = wants(bar) ? bar.querySelector("[data-all-matching]").parentElement.textContent.trim() : String(ticked);
    if (told.textContent !== words) told.textContent = words;
    const head = boxes[0]?.closest("table").querySelector("[data-tick-all]");
    if (head) {
      head.checked = ticked > 0 && ticked === boxes.length;
      head.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    document.querySelectorAll(`#${form(bar)} button, button[form="${form(bar)}"]`).forEach((button) => {
      button.disabled = !ticked && !wants(bar);
    });
  }

  const all = () => document.querySelectorAll("[data-bulk]").forEach(count);

  document.addEventListener("change", (event) => {
    const head = event.target.closest("[data-tick-all]");
    if (head) head.closest("table").querySelectorAll("[data-tick]").forEach((box) => { box.checked = head.checked; });
    if (event.target.matches("[data-tick], [data-tick-all], [data-all-matching]")) all();
  });
  ["yx:live", "htmx:afterSwap"].forEach((name) => document.addEventListener(name, all));
  all();
})();
