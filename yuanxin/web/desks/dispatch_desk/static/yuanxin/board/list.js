"use strict";
// The orders that nobody has: the most urgent first, rows kept and changed in place so that focus and ticks stay.
(() => {
  const board = window.yxBoard;
  const { element, say } = board;
  const body = document.getElementById("board-orders");
  const nothing = document.getElementById("board-nothing");
  const count = document.getElementById("board-count");
  const rows = new Map(); // order -> row
  const stamp = (seconds) => new Date(seconds * 1000).toISOString();

  function tick(order) {
    const cell = element("td");
    const box = element("input", "form-check-input");
    Object.assign(box, { type: "checkbox", name: "row", value: order.id });
    box.setAttribute("form", body.dataset.ticks);
    box.dataset.tick = "";
    box.setAttribute("aria-label", `${say.tick} ${order.number}`);
    cell.append(box);
    return cell;
  }

  function clock(order) {
    const level = board.urgency(order);
    if (!order.due || order.paused) return element("span", "yx-clock yx-clock-paused", board.wordOf("urgency", level));
    const made = element("span", `yx-clock yx-clock-${level}`);
    made.setAttribute("role", "timer");
    Object.assign(made.dataset, {
      due: stamp(order.due), amberAt: stamp(order.amber), redAt: stamp(order.red), level, name: order.number,
    });
    return made;
  }

  function about(order) {
    const words = [board.workOf(order), order.place || say.elsewhere, board.words.grid[order.grid] || order.grid];
    if (order.window) words.push(`${say.window} ${board.span(...order.window)}`);
    words.push(`${order.minutes} ${say.minutes}`);
    if (order.crew > 1) words.push(`${order.crew} ${say.crew}`);
    if (order.segment !== "field") words.push(board.wordOf("segment", order.segment));
    return words.filter(Boolean).join(" · ");
  }

  function fill(row, order) {
    const ticked = row.querySelector("[data-tick]")?.checked;
    const held = row.contains(document.activeElement) ? document.activeElement.dataset : null;
    const work = element("td");
    const pick = element("button", "yx-board-pick", order.number);
    pick.type = "button";
    pick.dataset.pick = "";
    work.append(pick);
    if (order.chases) work.append(" ", element("span", "yx-tag yx-chased", `${say.chased} ${order.chases}×`));
    work.append(element("div", "yx-muted", about(order)));
    const left = element("td", "yx-num");
    left.append(clock(order));
    row.replaceChildren(...(body.dataset.ticks ? [tick(order)] : []), work, left);
    if (ticked) row.querySelector("[data-tick]").checked = true;
    if (held) row.querySelector("tick" in held ? "[data-tick]" : "[data-pick]")?.focus({ preventScroll: true });
  }

  function rowOf(order, changed) {
    let row = rows.get(order.id);
    if (!row) {
      row = element("tr");
      Object.assign(row.dataset, { row: "", key: order.id, order: order.id });
      rows.set(order.id, row);
      fill(row, order);
      if (changed) board.flash(row);
    } else if (changed?.has(order.id)) {
      fill(row, order);
      board.flash(row);
    }
    row.toggleAttribute("aria-current", false);
    if (order.id === board.chosen) row.setAttribute("aria-current", "true");
    return row;
  }

  function draw(changed) {
    const shown = [...board.orders.values()].filter(board.fits);
    const known = new Set(shown.map((order) => order.id));
    [...rows].filter(([id]) => !known.has(id)).forEach(([id, row]) => {
      row.remove();
      rows.delete(id);
    });
    shown.forEach((order, nth) => {
      const row = rowOf(order, changed);
      if (body.children[nth] !== row) body.insertBefore(row, body.children[nth] || null);
    });
    count.textContent = shown.length === board.orders.size ? shown.length : `${shown.length} / ${board.orders.size}`;
    nothing.hidden = shown.length > 0;
    nothing.textContent = board.isFiltered() && board.orders.size ? say.filtered : say.nothing;
    body.dispatchEvent(new CustomEvent("yx:live", { bubbles: true }));
  }

  const chosen = (event) => event.target.closest("[data-order]")?.dataset.order;
  body.addEventListener("focusin", (event) => board.choose(chosen(event), "list"));
  body.addEventListener("click", (event) => {
    if (!event.target.closest("input")) board.choose(chosen(event), "list");
  });
  board.addEventListener("data", (event) => draw(event.detail));
  board.addEventListener("filter", () => draw());
  board.addEventListener("choose", (event) => {
    rows.forEach((row, id) => {
      if (id === board.chosen) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
    if (event.detail !== "list") rows.get(board.chosen)?.scrollIntoView({ block: "nearest" });
  });
  draw();
})();
