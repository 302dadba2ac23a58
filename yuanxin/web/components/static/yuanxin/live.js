"use strict";
// Live parts: <div id="…" data-live="URL" data-live-every="60">. Once a second, while the tab is seen, the page asks
// whether anything happened in the city; only then, or after data-live-every seconds, is the part fetched again and
// changed in place: focus, scroll, selection, typed text and open details stay. The answer may be the part alone or a
// whole page with an element of the same id. A page with [data-live-own] draws itself: it hears "yx:version".
(() => {
  const VERSION = "/live/";
  const STEP_MS = 1000, LONGEST_MS = 30000, LOST_MS = 8000, PATIENCE_MS = 15000, EVERY_S = 60, FLASH_MS = 2600;
  const parts = () => [...document.querySelectorAll("[data-live]")];
  const isWatched = () => document.querySelector("[data-live], [data-live-own]") !== null;
  const seen = new WeakMap(); // part -> { version, etag, at }
  const bar = document.getElementById("yx-connection");
  let version = "", wait = STEP_MS, answered = Date.now(), timer = 0, over = false, asking = false;

  // Changing in place

  const keyOf = (node) => (node.nodeType === 1 ? node.id || node.dataset.key || "" : "");
  const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

  function attributes(from, to) {
    const kept = (name) => (name === "open" && from.nodeName === "DETAILS")
      || (name === "value" && (from.type !== "hidden" || from.name === "key"))
      || ["checked", "selected"].includes(name);
    [...to.attributes].forEach(({ name, value }) => {
      if (!kept(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
    });
    [...from.attributes].forEach(({ name }) => {
      if (!to.hasAttribute(name) && !kept(name)) from.removeAttribute(name);
    });
    ["yx-here", "yx-flash"].forEach((name) => {
      if (marks.get(from)?.includes(name)) from.classList.add(name);
    });
  }

  const marks = new WeakMap(); // classes that the page itself put on an element
  const remember = (node) => {
    if (node.nodeType === 1) marks.set(node, ["yx-here", "yx-flash"].filter((name) => node.classList.contains(name)));
  };

  function morph(from, to) {
    if (from.nodeType !== 1) {
      if (from.data !== to.data) from.data = to.data;
      return;
    }
    if (from.matches("[data-due]") && from.dataset.due === to.dataset.due) return; // countdown.js owns its text
    remember(from);
    attributes(from, to);
    if (from.nodeName === "TEXTAREA" || from.matches("[data-live-keep]")) return;
    children(from, to);
  }

  const blank = (node) => node.nodeType === 3 && !node.data.trim();
  const kind = (node) => `${node.nodeName} ${node.nodeType === 1 ? node.classList[0] || "" : ""}`;

  function solid(node) {
    while (node && blank(node)) node = node.nextSibling;
    return node;
  }

  // The next node of the same kind without a name of its own, not far away: what it skips is gone.
  function match(place, wanted) {
    const skipped = [];
    for (let node = place; node && skipped.length < 4; node = solid(node.nextSibling)) {
      if (!keyOf(node) && kind(node) === kind(wanted)) {
        skipped.forEach((gone) => gone.remove());
        return node;
      }
      if (!keyOf(node)) skipped.push(node);
    }
    return null;
  }

  function children(from, to) {
    const keyed = new Map([...from.childNodes].filter(keyOf).map((node) => [keyOf(node), node]));
    let place = solid(from.firstChild);
    [...to.childNodes].filter((node) => !blank(node)).forEach((wanted) => {
      const key = keyOf(wanted);
      const mine = key ? keyed.get(key) : match(place, wanted);
      if (place && !place.isConnected) place = mine;
      if (mine && alike(mine, wanted)) {
        if (mine === place) place = solid(place.nextSibling);
        else from.insertBefore(mine, place);
        morph(mine, wanted);
      } else {
        from.insertBefore(document.importNode(wanted, true), place);
      }
    });
    while (place) {
      const next = place.nextSibling;
      if (!blank(place)) place.remove();
      place = next;
    }
  }

  // Which rows changed: their words without the moving figures of countdowns

  function words(row) {
    const copy = row.cloneNode(true);
    copy.querySelectorAll("[data-due]").forEach((clock) => { clock.textContent = clock.dataset.due; });
    return copy.textContent.replace(/\s+/g, " ");
  }

  const rowsOf = (part) => [...part.querySelectorAll("[data-row], [data-flash]")];
  const rowKey = (row) => keyOf(row) || row.querySelector("a")?.getAttribute("href") || "";

  function flash(part, before) {
    rowsOf(part).forEach((row) => {
      if (before.get(rowKey(row)) === words(row)) return;
      row.classList.add("yx-flash");
      setTimeout(() => row.classList.remove("yx-flash"), FLASH_MS);
    });
  }

  function show(part, text) {
    const told = new DOMParser().parseFromString(text, "text/html");
    const fresh = (part.id && told.getElementById(part.id)) || told.body;
    const before = new Map(rowsOf(part).map((row) => [rowKey(row), words(row)]));
    const focused = document.activeElement;
    children(part, fresh);
    if (before.size) flash(part, before);
    if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
    window.htmx?.process(part);
    part.dispatchEvent(new CustomEvent("yx:live", { bubbles: true }));
  }

  // Asking

  function say(text, withLink) {
    if (!bar) return;
    bar.hidden = !text;
    if (bar.dataset.said === text) return;
    bar.dataset.said = text;
    bar.textContent = text;
    if (!withLink) return;
    const link = document.createElement("a");
    link.href = `${bar.dataset.address}?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = bar.dataset.signIn;
    bar.append(" ", link);
  }

  async function ask(url, tag) {
    const headers = { "X-Yuanxin-Live": version || "1", ...(tag ? { "If-None-Match": tag } : {}) };
    const answer = await fetch(url, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === bar?.dataset.address)) {
      over = true;
      say(bar?.dataset.ended || "", true);
      throw new Error("signed out");
    }
    if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
    return answer;
  }

  async function fetchPart(part) {
    const known = seen.get(part) || {};
    const every = Number(part.dataset.liveEvery || EVERY_S) * 1000;
    if (known.version === version && Date.now() - known.at < every) return;
    const url = new URL(part.dataset.live || location.href, location.href);
    const asked = version;
    const answer = await ask(url, known.etag);
    if (answer.status !== 304) show(part, await answer.text());
    seen.set(part, { version: asked, etag: answer.headers.get("ETag") || "", at: Date.now() });
  }

  async function round() {
    const told = await ask(VERSION, version);
    const newest = told.headers.get("ETag") || version;
    if (newest !== version) document.dispatchEvent(new CustomEvent("yx:version", { detail: newest }));
    version = newest;
    for (const part of parts()) await fetchPart(part);
    wait = STEP_MS;
    answered = Date.now();
    say("");
  }

  async function turn() {
    clearTimeout(timer);
    if (over || asking || document.hidden || !isWatched()) return;
    asking = true;
    try {
      await round();
    } catch {
      wait = Math.min(wait * 2, LONGEST_MS);
      if (!over && Date.now() - answered > LOST_MS) say(bar?.dataset.lost || "");
    } finally {
      asking = false;
      if (!over && !document.hidden) timer = setTimeout(turn, wait);
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    wait = STEP_MS;
    answered = Date.now();
    turn();
  });
  window.addEventListener("online", () => {
    wait = STEP_MS;
    turn();
  });
  document.addEventListener("htmx:afterSwap", () => { if (!timer) turn(); });
  timer = setTimeout(turn, STEP_MS);
})();
