"use strict";
// The time line: a row for each technician, grouped by district, bars where the plan commits them. On a phone the same
// rows are an agenda. Positions are set through the style object, never in markup, as the policy wants.
(() => {
  const board = window.yxBoard;
  const { element, say } = board;
  const place = document.getElementById("board-gantt");
  const HOUR = 3600, QUARTER = 900, DISTRICT = 6;
  const rows = new Map(); // technician -> { row, lane, told }
  const gantt = { from: 0, to: 0, rows };
  let isOld = false;
  board.gantt = gantt;

  // The span of the day that is drawn: whole hours around shifts and visits

  function measure() {
    const begins = [], ends = [];
    board.day.technicians.forEach(({ shift }) => {
      if (shift) [begins, ends].forEach((list, nth) => list.push(shift[nth]));
    });
    board.day.visits.forEach((visit) => {
      begins.push(Math.max(visit.from, board.day.begins));
      ends.push(Math.min(visit.to, board.day.ends));
    });
    gantt.from = begins.length ? Math.floor(Math.min(...begins) / HOUR) * HOUR : board.day.begins;
    gantt.to = ends.length ? Math.ceil(Math.max(...ends) / HOUR) * HOUR + HOUR : board.day.ends;
  }

  const share = (at) => `${(100 * (Math.min(Math.max(at, gantt.from), gantt.to) - gantt.from)) / (gantt.to - gantt.from)}%`;
  const width = (from, to) => `${(100 * Math.max(0, Math.min(to, gantt.to) - Math.max(from, gantt.from))) / (gantt.to - gantt.from)}%`;

  gantt.put = (mark, from, to) => {
    mark.style.left = share(from);
    mark.style.width = width(from, to);
    return mark;
  };
  // The quarter of an hour at a point of a lane.
  gantt.timeAt = (lane, x) => {
    const box = lane.getBoundingClientRect();
    const at = gantt.from + ((x - box.left) / box.width) * (gantt.to - gantt.from);
    return Math.round(at / QUARTER) * QUARTER;
  };
  gantt.laneAt = (x, y) => document.elementsFromPoint(x, y).map((one) => one.closest?.("[data-lane]")).find(Boolean);
  // The technicians from top to bottom as they stand on the page.
  gantt.order = () => shownPeople().map((technician) => technician.id);

  function shading(technician) {
    const marks = [];
    if (technician.shift) marks.push(gantt.put(element("span", "yx-gantt-shift"), ...technician.shift));
    technician.breaks.forEach((span) => marks.push(gantt.put(element("span", "yx-gantt-break"), ...span)));
    for (let at = gantt.from + HOUR; at < gantt.to; at += HOUR) {
      marks.push(gantt.put(element("span", "yx-gantt-hour"), at, at));
    }
    return marks;
  }

  function way(visit) {
    const mark = element("span", `yx-gantt-way${visit.flags.includes("tight") ? " yx-gantt-tight" : ""}`);
    mark.dataset.words = `${say.way} ${visit.way} ${say.minutes}`;
    return gantt.put(mark, visit.from - visit.way * 60, visit.from);
  }

  function bar(visit) {
    const made = element("button", `yx-bar yx-bar-${visit.state}${visit.leads ? "" : " yx-bar-mate"}${visit.home ? " yx-bar-home" : ""}`);
    made.type = "button";
    Object.assign(made.dataset, { order: visit.id, visit: visit.visit });
    made.tabIndex = -1;
    if (visit.movable && !visit.pinned) made.dataset.movable = "";
    const flags = board.flagsOf(visit);
    const sign = `${visit.pinned ? say.pinned_sign : ""}${visit.home ? say.home_sign : ""}${flags.length ? "⚠" : ""}${board.SHAPES[board.urgency(visit)]}`;
    made.append(element("span", "yx-bar-sign", sign), element("span", "yx-bar-time", board.span(visit.from, visit.to)),
      element("span", "yx-bar-name", visit.place || visit.number.slice(-6)),
      element("span", "yx-bar-more", [visit.number, board.workOf(visit), board.wordOf("state", visit.state), ...flags].join(" · ")));
    made.setAttribute("aria-label", [visit.number, board.span(visit.from, visit.to), board.workOf(visit), visit.place,
      board.wordOf("state", visit.state), visit.pinned ? say.pinned : "", visit.home ? say.home : "", ...flags].filter(Boolean).join(", "));
    made.title = made.getAttribute("aria-label");
    return gantt.put(made, visit.from, visit.to);
  }

  function who(technician, visits) {
    const names = technician.grids.map((code) => board.words.grid[code] || code).join("、");
    const duty = [technician.duty && technician.duty !== "day" ? board.wordOf("duty", technician.duty) : "", technician.lent ? say.lent : ""];
    const made = element("div", "yx-gantt-who");
    const name = element("strong", "", technician.name);
    name.id = `row-${technician.id}`;
    made.append(name, element("span", "yx-muted", ` ${technician.shift ? board.span(...technician.shift) : say.off}`),
      element("div", "yx-muted yx-gantt-grids", [...duty, names, visits.length ? `${visits.length} ${say.visits}` : say.free].filter(Boolean).join(" · ")));
    return made;
  }

  function fill(technician, changed) {
    const visits = (board.visitsOf.get(technician.id) || []).filter((visit) => visit.to > gantt.from);
    const told = JSON.stringify([{ ...technician, seen: null }, visits, gantt.from, gantt.to]);
    const known = rows.get(technician.id);
    if (known?.told === told) return known.row;
    const row = known?.row || element("div", "yx-gantt-row");
    const lane = element("div", "yx-gantt-lane");
    lane.dataset.lane = technician.id;
    lane.setAttribute("role", "group");
    lane.setAttribute("aria-labelledby", `row-${technician.id}`);
    lane.append(...shading(technician), ...visits.filter((visit) => visit.way).map(way), ...visits.map(bar));
    row.replaceChildren(who(technician, visits), lane);
    rows.set(technician.id, { row, lane, told });
    if (changed) lane.querySelectorAll(".yx-bar").forEach((one) => { if (changed.has(one.dataset.order)) board.flash(one); });
    return row;
  }

  function head() {
    const made = element("div", "yx-gantt-head");
    const lane = element("div", "yx-gantt-lane");
    for (let at = gantt.from; at < gantt.to; at += HOUR) lane.append(gantt.put(element("span", "yx-gantt-label", board.time(at)), at, at + HOUR));
    made.append(element("div", "yx-gantt-who"), lane);
    return made;
  }

  const groupOf = (technician) => (technician.grids[0] || "").slice(0, DISTRICT);

  function shownPeople() {
    const { grid } = board.filters;
    return [...board.technicians.values()]
      .filter((one) => !grid || one.grids.some((code) => code.startsWith(grid))
        || (board.visitsOf.get(one.id) || []).some((visit) => visit.grid.startsWith(grid)))
      .sort((a, b) => (a.grids[0] || "~").localeCompare(b.grids[0] || "~") || a.number.localeCompare(b.number));
  }

  // Nothing is drawn while the map is shown: what changed meanwhile is drawn when the time line is.
  function draw(changed) {
    measure();
    isOld = board.tab !== "gantt";
    if (isOld) return;
    const held = place.contains(document.activeElement) ? document.activeElement.dataset.visit : "";
    const [left, top] = [place.scrollLeft, place.scrollTop];
    const parts = [head()];
    let group = null;
    shownPeople().forEach((technician) => {
      if (groupOf(technician) !== group) {
        group = groupOf(technician);
        parts.push(element("h3", "yx-gantt-group", group ? board.words.grid[group] || group : say.none));
      }
      parts.push(fill(technician, changed));
    });
    if (parts.length === 1) parts.push(element("p", "yx-empty", say.nobody));
    place.replaceChildren(...parts);
    [place.scrollLeft, place.scrollTop] = [left, top];
    mark();
    now();
    if (held) place.querySelector(`[data-visit="${held}"]`)?.focus({ preventScroll: true });
  }

  // What does not fit the filters steps back; what is chosen stands out and can be reached by the tab key.
  function mark() {
    let isReachable = false;
    place.querySelectorAll(".yx-bar").forEach((one) => {
      const job = board.job(one.dataset.order);
      one.classList.toggle("yx-bar-dim", Boolean(job) && !board.fits(job));
      const isChosen = one.dataset.order === board.chosen;
      one.toggleAttribute("aria-current", isChosen);
      if (isChosen) one.setAttribute("aria-current", "true");
      one.tabIndex = isChosen && !isReachable ? 0 : -1;
      isReachable = isReachable || isChosen;
    });
    if (!isReachable) place.querySelector(".yx-bar")?.setAttribute("tabindex", "0");
  }

  function now() {
    const at = board.now();
    place.querySelectorAll(".yx-gantt-now").forEach((line) => line.remove());
    if (at < gantt.from || at > gantt.to) return;
    place.querySelectorAll(".yx-gantt-lane").forEach((lane) => lane.append(gantt.put(element("span", "yx-gantt-now"), at, at)));
  }

  // Arrows go from bar to bar: along a row by time, across rows to the bar that is nearest in time.
  function nextBar(from, key) {
    const lane = from.closest("[data-lane]");
    const along = [...lane.querySelectorAll(".yx-bar")];
    const sideways = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (sideways) return along[along.indexOf(from) + sideways];
    const lanes = [...place.querySelectorAll("[data-lane]")];
    const step = key === "ArrowDown" ? 1 : -1;
    const middle = from.getBoundingClientRect().left;
    for (let nth = lanes.indexOf(lane) + step; lanes[nth]; nth += step) {
      const bars = [...lanes[nth].querySelectorAll(".yx-bar")];
      if (bars.length) return bars.reduce((a, b) => (Math.abs(b.getBoundingClientRect().left - middle) < Math.abs(a.getBoundingClientRect().left - middle) ? b : a));
    }
    return null;
  }

  place.addEventListener("keydown", (event) => {
    const from = event.target.closest(".yx-bar");
    if (!from || !event.key.startsWith("Arrow") || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    nextBar(from, event.key)?.focus();
  });
  const chosen = (event) => event.target.closest(".yx-bar")?.dataset.order;
  ["focusin", "click"].forEach((name) => place.addEventListener(name, (event) => {
    if (chosen(event)) board.choose(chosen(event), "gantt");
  }));
  board.addEventListener("data", (event) => draw(event.detail));
  board.addEventListener("filter", () => draw());
  board.addEventListener("tab", () => { if (isOld) draw(); });
  board.addEventListener("choose", (event) => {
    mark();
    if (event.detail !== "gantt") place.querySelector(".yx-bar[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  setInterval(now, 30000);
  draw();
})();
