"use strict";
// The board's one model: the day as the server told it, what is chosen, which filters hold. List, map and time line draw
// it and hear of changes: "data" (names of what changed), "choose", "filter", "tab", "colour". The address keeps it all.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const skew = Number(document.documentElement.dataset.now || Date.now()) - Date.now();
  const FILTERS = ["grid", "urgency", "service", "state", "q"];
  const board = new EventTarget();
  const asked = new URLSearchParams(location.search);

  board.words = read("board-words");
  board.say = board.words.say;
  board.now = () => Math.floor((Date.now() + skew) / 1000);
  board.chosen = asked.get("order") || "";
  board.tab = asked.get("tab") === "gantt" ? "gantt" : "map";
  board.colour = ["state", "technician"].includes(asked.get("colour")) ? asked.get("colour") : "urgency";
  board.filters = Object.fromEntries(FILTERS.map((name) => [name, asked.get(name) || ""]));

  const tell = (name, detail) => board.dispatchEvent(new CustomEvent(name, { detail }));

  // The day

  function index(day) {
    board.day = day;
    board.technicians = new Map(day.technicians.map((one) => [one.id, one]));
    board.orders = new Map(day.orders.map((one) => [one.id, one]));
    board.jobs = new Map(board.orders);
    day.visits.forEach((visit) => {
      if (visit.leads || !board.jobs.has(visit.id)) board.jobs.set(visit.id, visit);
    });
    board.visitsOf = new Map();
    day.visits.forEach((visit) => {
      if (!board.visitsOf.has(visit.technician)) board.visitsOf.set(visit.technician, []);
      board.visitsOf.get(visit.technician).push(visit);
    });
  }

  board.take = (day) => {
    const before = board.jobs;
    index(day);
    const changed = new Set([...board.jobs].filter(([id, job]) => JSON.stringify(before.get(id)) !== JSON.stringify(job))
      .map(([id]) => id));
    tell("data", changed);
  };

  board.job = (id) => board.jobs.get(id);
  board.isPlanned = (job) => Boolean(job && job.visit);
  board.nameOf = (technician) => board.technicians.get(technician)?.name || "";

  board.urgency = (job) => {
    const now = board.now();
    if (job.paused) return "paused";
    if (!job.due || ["callback_due", "called_back", "finished", "archived", "review"].includes(job.state)) return "";
    if (now >= job.due) return "late";
    if (now >= job.red) return "red";
    return now >= job.amber ? "amber" : "green";
  };
  board.SHAPES = { late: "◆", red: "◆", amber: "▲", green: "●", paused: "❚❚", "": "○" };

  // Words

  board.time = (seconds) => new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).format(new Date(seconds * 1000));
  board.span = (from, to) => `${board.time(from)}–${board.time(to)}`;
  board.wordOf = (family, code) => board.words[family][code] || code;
  board.workOf = (job) => `${board.wordOf("kind", job.kind)} · ${board.wordOf("service", job.service)}`;
  board.flagsOf = (job) => (job.flags || []).map((flag) => board.wordOf("flag", flag));
  board.element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };
  board.announce = (words) => {
    const live = document.getElementById("yx-announcer");
    if (live) live.textContent = words;
  };
  board.flash = (element) => {
    element.classList.add("yx-flash");
    setTimeout(() => element.classList.remove("yx-flash"), 2600);
  };

  // What is shown

  board.fits = (job) => {
    const { grid, urgency, service, state, q } = board.filters;
    return (!grid || job.grid.startsWith(grid))
      && (!urgency || urgency.split(",").includes(board.urgency(job)))
      && (!service || job.service === service)
      && (!state || state.split(",").includes(job.state))
      && (!q || `${job.number} ${job.place} ${board.nameOf(job.technician)}`.toLowerCase().includes(q.toLowerCase()));
  };
  board.isFiltered = () => FILTERS.some((name) => board.filters[name]);

  board.query = () => {
    const kept = new URLSearchParams();
    FILTERS.forEach((name) => { if (board.filters[name]) kept.set(name, board.filters[name]); });
    return kept;
  };

  function address() {
    const kept = board.query();
    if (asked.get("day")) kept.set("day", asked.get("day"));
    if (board.tab !== "map") kept.set("tab", board.tab);
    if (board.colour !== "urgency") kept.set("colour", board.colour);
    if (board.chosen) kept.set("order", board.chosen);
    const words = kept.toString();
    history.replaceState(null, "", words ? `?${words}` : location.pathname);
    document.querySelectorAll("[data-board-day]").forEach((link) => {
      const there = new URLSearchParams(kept);
      there.delete("order");
      there.set("day", new URL(link.href).searchParams.get("day"));
      link.href = `?${there}`;
    });
  }

  board.choose = (id, from = "") => {
    if (board.chosen === id) return;
    board.chosen = id;
    address();
    tell("choose", from);
  };
  board.filter = (name, value) => {
    board.filters[name] = value;
    address();
    tell("filter", name);
  };
  board.show = (tab) => {
    board.tab = tab;
    address();
    tell("tab", tab);
  };
  board.paint = (colour) => {
    board.colour = colour;
    address();
    tell("colour", colour);
  };

  index(read("board-data"));
  window.yxBoard = board;
})();
