"use strict";
// What holds the parts together: tabs, filters, the side panel, and what others change while the page is open.
(() => {
  const board = window.yxBoard;
  const { say } = board;
  const frame = document.getElementById("board");
  const panel = document.getElementById("board-panel");
  const filters = document.getElementById("board-filters");
  const PANEL_WAIT_MS = 150, EVERY_MS = 60000;
  let wait = 0, asking = null, tag = frame.dataset.tag, kept = null, asks = 0, heard = 0;

  function showTab() {
    document.getElementById("board-map-part").hidden = board.tab !== "map";
    document.getElementById("board-gantt-part").hidden = board.tab !== "gantt";
    document.querySelectorAll("[data-board-tab]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.boardTab === board.tab));
    });
  }

  document.querySelectorAll("[data-board-tab]").forEach((button) => {
    button.addEventListener("click", () => board.show(button.dataset.boardTab));
  });
  board.addEventListener("tab", showTab);

  // Filters stand in the address, and in what is saved under a name

  function keepQuery() {
    document.querySelectorAll('.yx-saved input[name="query"]').forEach((field) => { field.value = board.query().toString(); });
  }

  [...filters.elements].forEach((field) => { field.value = board.filters[field.name] || ""; });
  filters.addEventListener("input", (event) => board.filter(event.target.name, event.target.value));
  filters.addEventListener("submit", (event) => event.preventDefault());
  board.addEventListener("filter", keepQuery);
  const colour = document.getElementById("board-colour");
  colour.value = board.colour;
  colour.addEventListener("change", () => board.paint(colour.value));

  // The side panel

  async function drawPanel() {
    asking?.abort();
    const id = board.chosen;
    if (!id) return;
    asking = new AbortController();
    panel.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${frame.dataset.panel}${id}/`, { headers: { "X-Yuanxin-Live": "1" }, signal: asking.signal });
      const text = await answer.text();
      if (id !== board.chosen) return;
      const told = new DOMParser().parseFromString(text, "text/html");
      panel.replaceChildren(...told.body.childNodes);
      panel.dataset.shows = id;
      panel.dispatchEvent(new CustomEvent("yx:live", { bubbles: true }));
      board.dispatchEvent(new CustomEvent("panel"));
    } catch (error) {
      if (error.name !== "AbortError") panel.textContent = say.not_loaded;
    } finally {
      panel.removeAttribute("aria-busy");
    }
  }

  // What the panel says of another order, or of another time, is not offered any more.
  function soon() {
    clearTimeout(wait);
    panel.dataset.shows = "";
    panel.querySelectorAll("[data-candidate]").forEach((button) => { button.disabled = true; });
    wait = setTimeout(drawPanel, PANEL_WAIT_MS);
  }

  board.addEventListener("choose", soon);
  board.addEventListener("data", (event) => { if (event.detail.has(board.chosen)) soon(); });

  // What others change: asked for when anything happened in the city; a move in progress is never torn away

  board.busy = () => false;

  // since: a name for the state after a deed of one's own, which no text kept on the server can be
  board.ask = async (since = "") => {
    const url = `${frame.dataset.address}?day=${board.day.day}${since ? `&since=${since}` : ""}`;
    const headers = { "X-Yuanxin-Live": since || board.version || "1", ...(tag ? { "If-None-Match": tag } : {}) };
    asks += 1;
    const nth = asks;
    const answer = await fetch(url, { headers, cache: "no-store" });
    if (!answer.ok || nth < heard) return; // what was asked later has come already
    heard = nth;
    tag = answer.headers.get("ETag") || "";
    kept = await answer.json();
    board.settle();
  };
  board.settle = () => {
    if (!kept || board.busy()) return;
    const day = kept;
    kept = null;
    board.take(day);
  };
  document.addEventListener("yx:version", (event) => {
    board.version = event.detail;
    board.ask().catch(() => {}); // live.js says when the connection is lost, and tells the version again
  });

  setInterval(() => { if (!document.hidden) board.ask().catch(() => {}); }, EVERY_MS);

  showTab();
  keepQuery();
  if (board.chosen) soon();
})();
