"use strict";
// Moving a visit: by dragging, by keys, or by the two fields of the bar below. All three lead through the same steps:
// a place in mind, what it would break, and only then the deed. An overlap stops; everything else is a warning in words.
(() => {
  const board = window.yxBoard;
  const bar = document.getElementById("board-move");
  if (!bar) return;
  const { element, say, gantt } = board;
  const QUARTER = 900, HOUR = 3600, TRY_MS = 200, FAR_PX = 5;
  const found = document.getElementById("move-found");
  const fields = { technician: bar.elements.technician, time: bar.elements.time, reason: bar.elements.reason };
  const shownName = bar.querySelector("[data-move-name]");
  const reasonPart = bar.querySelector("[data-move-reason]");
  const placeButton = document.getElementById("move-place");
  const undoButton = document.getElementById("board-undo");
  const said = document.getElementById("board-said");
  const deeds = document.getElementById("board-deeds");
  let move = null; // { job, technician, start, length, seen, mates, warnings, trying, isDragged }
  let last = JSON.parse(document.getElementById("board-last").textContent);
  let wait = 0, count = 0;

  board.busy = () => move !== null;

  // Speaking with the server

  function key() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  async function send(deed, told) {
    const answer = await fetch(`${bar.dataset.deeds}${deed}/`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": bar.elements.csrfmiddlewaretoken.value },
      body: JSON.stringify({ key: key(), ...told }),
    });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(body.message || say.not_done);
    return body;
  }

  function tell(words, isBad = false) {
    said.textContent = words;
    said.className = isBad ? "yx-error" : "yx-muted";
    board.announce(words);
  }

  // First the board shows it, then it is said.
  async function done(answer) {
    last = answer.undo;
    undoButton.disabled = !last;
    count += 1;
    await board.ask(`deed-${count}`).catch(() => {}); // live.js tells a lost connection, and asks again
    tell([answer.said, ...answer.warnings.map((words) => `⚠ ${words}`)].join(" "));
  }

  async function attempt(deed, told) {
    try {
      await done(await send(deed, told));
    } catch (error) {
      tell(error.message, true);
    }
  }

  // The place in mind

  function choice(value, text) {
    const option = element("option", "", text);
    option.value = value;
    return option;
  }

  // Every quarter of an hour of the day, and the start in mind when it is none.
  function times() {
    const quarters = Array.from({ length: (gantt.to - gantt.from) / QUARTER }, (_, nth) => gantt.from + nth * QUARTER);
    return quarters.includes(move.start) ? quarters : [...quarters, move.start].sort((a, b) => a - b);
  }

  const ends = () => move.start + move.length;
  const others = () => (board.visitsOf.get(move.technician) || []).filter((visit) => visit.id !== move.job.id);
  const blocking = () => others().find((visit) => visit.from < ends() && move.start < visit.to);
  const needsReason = () => Boolean(move.seen) && move.seen !== move.technician;

  function ghost() {
    document.querySelectorAll(".yx-bar-ghost").forEach((one) => one.remove());
    document.querySelectorAll(".yx-lane-here").forEach((one) => one.classList.remove("yx-lane-here"));
    document.querySelectorAll(".yx-bar").forEach((one) => one.classList.toggle("yx-bar-taken", one.dataset.order === move?.job.id));
    const lane = move && gantt.rows.get(move.technician)?.lane;
    if (!lane) return;
    const mark = element("div", `yx-bar yx-bar-ghost${blocking() ? " yx-bar-stop" : ""}`);
    const signs = blocking() ? "✕" : move.warnings?.length ? "⚠" : "";
    mark.append(element("span", "yx-bar-time", `${signs} ${board.span(move.start, ends())}`));
    mark.setAttribute("aria-hidden", "true");
    lane.append(gantt.put(mark, move.start, ends()));
    lane.classList.add("yx-lane-here");
    if (!move.isDragged) mark.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function findings() {
    const blocker = blocking();
    if (blocker) return [["yx-move-stop", `✕ ${say.overlap} ${blocker.number} ${board.span(blocker.from, blocker.to)}`]];
    if (move.problem) return [["yx-move-stop", move.problem]];
    if (!move.warnings) return [];
    if (!move.warnings.length) return [["yx-move-good", `✓ ${say.good}`]];
    return move.warnings.map((one) => ["", `⚠ ${one.words}`]);
  }

  function draw() {
    ghost();
    fields.technician.value = move.technician;
    fields.time.replaceChildren(...times().map((at) => choice(at, board.time(at))));
    fields.time.value = move.start;
    reasonPart.hidden = !needsReason();
    found.replaceChildren(...findings().map(([look, words]) => element("li", look, words)));
    placeButton.disabled = Boolean(blocking());
  }

  const words = () => `${board.nameOf(move.technician)} ${board.span(move.start, ends())} ${findings().map(([, text]) => text).join(" ")}`;

  async function tryNow() {
    clearTimeout(wait);
    const asked = move;
    const told = `${move.technician} ${move.start}`;
    const query = new URLSearchParams({ work_order_id: move.job.id, technician_id: move.technician, starts_at: move.start });
    const answer = await fetch(`${bar.dataset.try}?${query}`, { headers: { "X-Yuanxin-Live": "1", "Content-Type": "application/json" } });
    const body = await answer.json().catch(() => ({}));
    if (move !== asked || told !== `${move.technician} ${move.start}`) return;
    move.warnings = answer.ok ? body.warnings : null;
    move.problem = answer.ok ? "" : body.message || say.not_done;
    draw();
    if (!move.isDragged) board.announce(words());
  }

  function soon() {
    clearTimeout(wait);
    if (blocking()) board.announce(words());
    else wait = setTimeout(() => tryNow().catch(() => {}), TRY_MS); // a lost connection is told by live.js; placing asks again
  }

  function to(technician, start) {
    if (technician === move.technician && start === move.start) return;
    Object.assign(move, { technician, start, warnings: null, problem: "" });
    draw();
    soon();
  }

  // Beginning and ending

  function usual(job) {
    if (board.isPlanned(job)) return [job.technician, job.from];
    const first = document.querySelector("#board-panel [data-candidate]");
    if (first && document.getElementById("board-panel").dataset.shows === job.id) {
      return [first.dataset.candidate, Math.round(Number(first.dataset.start) / QUARTER) * QUARTER];
    }
    const row = gantt.order()[0] || [...board.technicians.keys()][0];
    const shift = board.technicians.get(row)?.shift;
    return [row, Math.ceil(Math.max(board.now(), shift ? shift[0] : board.day.begins) / QUARTER) * QUARTER];
  }

  function begin(job, more = {}) {
    const isPlanned = board.isPlanned(job);
    if (isPlanned && (!job.movable || job.pinned)) {
      tell(job.pinned ? say.is_pinned : say.fixed, true);
      return false;
    }
    const [technician, start] = usual(job);
    move = {
      job, technician, start, mates: "", seen: isPlanned ? job.technician : "", isDragged: false,
      length: isPlanned ? job.to - job.from : job.minutes * 60, warnings: null, problem: "", ...more,
    };
    fields.technician.replaceChildren(...[...board.technicians.values()].map((one) => choice(one.id, `${one.name} ${one.number}`)));
    fields.reason.value = "";
    shownName.textContent = `${job.number} ${job.place}`;
    return true;
  }

  function open() {
    bar.hidden = false;
    draw();
    placeButton.focus({ preventScroll: true });
  }

  function end(focus = true) {
    const id = move?.job.id;
    move = null;
    clearTimeout(wait);
    bar.hidden = true;
    ghost();
    document.body.classList.remove("yx-dragging");
    board.settle();
    if (focus && id) {
      const home = document.querySelector(`.yx-bar[data-order="${id}"]`) || document.querySelector(`tr[data-order="${id}"] [data-pick]`);
      if (home?.checkVisibility()) home.focus({ preventScroll: true });
    }
  }

  async function place() {
    if (blocking()) {
      board.announce(words());
      return;
    }
    if (needsReason() && !fields.reason.value) {
      open();
      fields.reason.focus();
      board.announce(say.why);
      return;
    }
    const told = {
      work_order_id: move.job.id, technician_id: move.technician, starts_at: move.start, seen: move.seen,
      reason: needsReason() ? fields.reason.value : "", mates: move.mates,
    };
    placeButton.disabled = true;
    try {
      const answer = await send("place", told);
      const refreshed = done(answer);
      const id = told.work_order_id;
      move = null;
      await refreshed;
      end(false);
      document.querySelector(`.yx-bar[data-order="${id}"]`)?.focus({ preventScroll: true });
    } catch (error) {
      if (!move) return;
      move.problem = error.message;
      open();
      board.announce(error.message);
    }
  }

  // By keys

  function start(job) {
    if (!job || !begin(job)) return;
    if (window.matchMedia("(min-width: 768px)").matches && board.tab !== "gantt") board.show("gantt");
    open();
    soon();
    board.announce(`${say.moving} ${job.number} ${words()}`);
  }

  function step(event) {
    const people = gantt.order();
    const nth = people.indexOf(move.technician);
    const far = event.shiftKey ? HOUR : QUARTER;
    const snapped = (by) => (by > 0 ? Math.floor(move.start / QUARTER) : Math.ceil(move.start / QUARTER)) * QUARTER + by;
    const steps = {
      ArrowLeft: () => to(move.technician, snapped(-far)),
      ArrowRight: () => to(move.technician, snapped(far)),
      ArrowUp: () => to(people[Math.max(nth - 1, 0)] || move.technician, move.start),
      ArrowDown: () => to(people[Math.min(nth + 1, people.length - 1)] || move.technician, move.start),
      Enter: () => place(),
      Escape: () => end(),
    };
    return steps[event.key];
  }

  document.addEventListener("keydown", (event) => {
    if (!move || event.isComposing) return;
    const isField = event.target.matches("#board-move select, #board-move input");
    const isCancel = event.target.id === "move-cancel";
    if ((isField && event.key.startsWith("Arrow")) || (isCancel && event.key === "Enter")) return;
    const deed = step(event);
    const isTyped = event.key.length === 1 && !isField;
    if (deed || isTyped) event.stopImmediatePropagation();
    if (!deed) return;
    event.preventDefault();
    deed();
  }, true);

  bar.addEventListener("submit", (event) => {
    event.preventDefault();
    if (move) place();
  });
  document.getElementById("move-cancel").addEventListener("click", () => end());
  bar.addEventListener("change", (event) => {
    if (!move || event.target === fields.reason) return;
    to(fields.technician.value, Number(fields.time.value));
  });

  // By dragging

  let grabbed = null; // { job, x, y, offset }

  document.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch" || move) return;
    const source = event.target.closest(".yx-bar[data-movable], #board-orders tr");
    if (!source || event.target.closest("input")) return;
    const box = source.getBoundingClientRect();
    const job = board.job(source.dataset.order);
    if (!job || (board.isPlanned(job) && job.pinned)) return;
    const lane = source.closest("[data-lane]");
    const seconds = lane ? ((event.clientX - box.left) / lane.clientWidth) * (gantt.to - gantt.from) : 0;
    grabbed = { job, x: event.clientX, y: event.clientY, offset: seconds };
  });

  const flag = element("div", "yx-drag");

  function follow(event) {
    const lane = gantt.laneAt(event.clientX, event.clientY);
    move.isOver = Boolean(lane);
    if (lane) {
      const pixels = (grabbed.offset / (gantt.to - gantt.from)) * lane.clientWidth;
      to(lane.dataset.lane, gantt.timeAt(lane, event.clientX - pixels));
    } else {
      document.querySelectorAll(".yx-bar-ghost").forEach((one) => one.remove());
    }
    flag.textContent = lane ? words() : move.job.number;
    flag.style.left = `${Math.min(event.clientX + 14, window.innerWidth - 320)}px`;
    flag.style.top = `${event.clientY + 16}px`;
  }

  document.addEventListener("pointermove", (event) => {
    if (!grabbed) return;
    if (!move) {
      if (Math.hypot(event.clientX - grabbed.x, event.clientY - grabbed.y) < FAR_PX) return;
      if (!begin(grabbed.job, { isDragged: true })) {
        grabbed = null;
        return;
      }
      board.choose(grabbed.job.id, "drag");
      document.body.classList.add("yx-dragging");
      document.body.append(flag);
    }
    event.preventDefault();
    follow(event);
  });

  async function drop() {
    grabbed = null;
    flag.remove();
    document.body.classList.remove("yx-dragging");
    if (!move?.isDragged) return;
    const isUnmoved = move.start === move.job.from && move.technician === move.job.technician;
    if (!move.isOver || isUnmoved) {
      end();
      return;
    }
    move.isDragged = false;
    open();
    if (blocking()) {
      board.announce(words());
      return;
    }
    await tryNow().catch(() => {});
    if (move && move.warnings?.length === 0 && !needsReason()) place();
  }

  document.addEventListener("pointerup", () => { if (grabbed) drop(); });
  document.addEventListener("pointercancel", () => {
    grabbed = null;
    flag.remove();
    if (move?.isDragged) end();
  });
  document.getElementById("board").addEventListener("dragstart", (event) => event.preventDefault());

  // Deeds without a new place

  function offer() {
    const job = board.job(board.chosen);
    const isPlanned = board.isPlanned(job);
    deeds.hidden = !job;
    const shown = {
      move: job && (!isPlanned || (job.movable && !job.pinned)), pin: isPlanned && job.movable && !job.pinned,
      unpin: isPlanned && job.movable && job.pinned, unassign: isPlanned && job.movable,
    };
    deeds.querySelectorAll("[data-deed]").forEach((one) => { one.hidden = !shown[one.dataset.deed]; });
  }

  deeds.addEventListener("click", (event) => {
    const deed = event.target.closest("button[data-deed]")?.dataset.deed;
    if (deed === "move") start(board.job(board.chosen));
    else if (deed) attempt(deed, { work_order_id: board.chosen });
  });
  deeds.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    event.target.closest("details").open = false;
    attempt("unassign", { work_order_id: board.chosen, reason: event.target.elements.reason.value });
  });
  document.getElementById("board-panel").addEventListener("click", (event) => {
    const button = event.target.closest("[data-candidate]");
    const job = board.job(board.chosen);
    if (!button || !job || !begin(job)) return;
    Object.assign(move, {
      technician: button.dataset.candidate, start: Number(button.dataset.start), mates: button.dataset.mates,
    });
    if (needsReason()) {
      open();
      fields.reason.focus();
    }
    place();
  });
  undoButton.addEventListener("click", () => { if (last) attempt("undo", { deed_id: last.id }); });
  ["choose", "data"].forEach((name) => board.addEventListener(name, offer));
  offer();
})();
