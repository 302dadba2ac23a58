"use strict";
// Count down every [data-due] against the server's domain time. The server decides colours and deadlines;
// the browser only moves the figures. Screen readers hear a clock only when it crosses a threshold.
(() => {
  const page = document.documentElement.dataset;
  const skew = Number(page.now || Date.now()) - Date.now();
  const shapes = { green: "○", amber: "△", red: "◆", late: "◆" };
  const levels = Object.keys(shapes);

  const pad = (number) => String(number).padStart(2, "0");

  function span(milliseconds) {
    const seconds = Math.floor(Math.abs(milliseconds) / 1000);
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    return hours ? `${hours}:${pad(minutes)}` : `${minutes}′${pad(seconds % 60)}″`;
  }

  function levelAt(clock, now) {
    if (now >= Date.parse(clock.dataset.due)) return "late";
    if (now >= Date.parse(clock.dataset.redAt)) return "red";
    return now >= Date.parse(clock.dataset.amberAt) ? "amber" : "green";
  }

  function announce(clock, words) {
    const live = document.getElementById("yx-announcer");
    if (live) live.textContent = `${clock.dataset.name || ""} ${words}`.trim();
  }

  function move(clock, now) {
    const level = levelAt(clock, now);
    const left = span(Date.parse(clock.dataset.due) - now);
    const words = level === "late" ? `${page.lateWord} +${left}` : left;
    clock.textContent = `${shapes[level]} ${words}`;
    if (clock.dataset.level === level) return;
    if (clock.dataset.level) announce(clock, words);
    levels.forEach((name) => clock.classList.toggle(`yx-clock-${name}`, name === level));
    clock.dataset.level = level;
  }

  function all() {
    const now = Date.now() + skew;
    document.querySelectorAll("[data-due]").forEach((clock) => move(clock, now));
  }

  all();
  setInterval(all, 1000);
  ["htmx:afterSwap", "yx:live"].forEach((name) => document.addEventListener(name, all));
})();
