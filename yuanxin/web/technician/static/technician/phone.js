"use strict";
// The frame of the technician's pages: the badge 待同步, the list of what waits and what to do about a refusal,
// the pages kept for a day without signal, the worker, and a way between pages where no worker exists.
(() => {
  const queue = window.yxQueue;
  const { told } = queue;
  const { words } = told;
  const VISITS = "yuanxin-visits";
  const starters = [];
  let works = null;
  let standing = "idle";

  function make(tag, text = "", attributes = {}) {
    const node = document.createElement(tag);
    node.textContent = text;
    Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
    return node;
  }

  const clock = (item) => new Date(Date.parse(item.acted_at) + item.offset_ms)
    .toLocaleTimeString(document.documentElement.lang === "en" ? "en-GB" : "zh-CN",
      { hour: "2-digit", minute: "2-digit", timeZone: told.zone });

  // The badge
  function badge(items, state) {
    const bar = document.getElementById("yx-sync");
    if (!bar) return;
    const waiting = queue.unsent(items);
    const refused = waiting.filter((item) => item.state === "refused").length;
    bar.querySelector("[data-count]").textContent = String(waiting.length);
    bar.classList.toggle("yx-sync-waits", waiting.length > 0);
    bar.classList.toggle("yx-sync-refused", refused > 0);
    bar.querySelector("[data-status]").textContent = status(waiting, refused, state);
  }

  function status(waiting, refused, state) {
    if (works === false) return words.unsupported;
    if (["signed_out", "somebody_else", "trouble"].includes(state)) return words[state];
    if (refused) return words.some_refused.replace("%s", refused);
    if (state === "away" || !navigator.onLine) return told.worker && !hasWorker() ? words.away_open : words.away;
    if (state === "sending" && waiting.length) return words.sending;
    return waiting.length ? words.waiting : words.all_sent;
  }

  const hasWorker = () => Boolean(navigator.serviceWorker && navigator.serviceWorker.controller);

  // The list
  function row(item, isBehind) {
    const line = make("li", "", { class: `yx-queued yx-queued-${item.state}`, "data-item": item.key });
    const shown = item.state === "waiting" && isBehind ? "behind" : item.state;
    line.append(make("strong", item.words), make("span", ` ${clock(item)} `), make("em", words[`item_${shown}`]));
    if (item.state !== "refused") return line;
    line.append(make("p", item.reason, { class: "yx-error" }));
    const choices = make("div", "", { class: "yx-pair" });
    choices.append(button(words.retry, () => queue.retry([item.key])), button(words.drop, () => queue.drop([item.key])));
    line.append(choices);
    return line;
  }

  function button(text, deed, kind = "btn") {
    const made = make("button", text, { type: "button", class: kind });
    made.addEventListener("click", async () => {
      made.disabled = true;
      await deed();
      made.disabled = false;
    });
    return made;
  }

  function group(order, items, isAlone) {
    const box = make("section", "", { class: "card card-body", "aria-label": items[0].number });
    if (!isAlone) {
      const head = make("h2", "", { class: "yx-queued-head" });
      head.append(make("a", items[0].number, { href: `${told.home}${order}/` }));
      box.append(head);
    }
    const list = make("ul", "", { class: "yx-queued-list" });
    let isBehind = false;
    for (const item of items) {
      list.append(row(item, isBehind));
      isBehind = isBehind || item.state === "refused";
    }
    box.append(list);
    if (isBehind) {
      const left = queue.unsent(items);
      box.append(
        button(words.tell, () => tellDispatcher(left), "btn btn-primary yx-big"),
        button(words.drop_all, () => queue.drop(left.map((item) => item.key)), "btn yx-big"),
      );
    }
    return box;
  }

  function list(items) {
    for (const place of document.querySelectorAll("[data-queue]")) {
      const only = place.dataset.queue;
      const shown = items.filter((item) => (only ? item.order === only && item.state !== "done" : true));
      const orders = Map.groupBy ? Map.groupBy(shown, (item) => item.order) : grouped(shown);
      place.replaceChildren(...[...orders].map(([order, steps]) => group(order, steps, Boolean(only))));
      const empty = document.querySelector("[data-queue-empty]");
      if (empty && !only) empty.hidden = shown.length > 0;
    }
  }

  function grouped(items) {
    const groups = new Map();
    for (const item of items) groups.set(item.order, [...(groups.get(item.order) || []), item]);
    return groups;
  }

  async function tellDispatcher(items) {
    try {
      await queue.greet();
      for (const item of items) {
        const form = new FormData();
        const fields = { key: item.message_key || item.key.replace(/^./, (one) => (one === "f" ? "0" : "f")),
          work_order_id: item.order, step: item.action, acted_at: item.acted_at, offset_ms: item.offset_ms,
          reason: item.reason || "" };
        Object.entries(fields).forEach(([name, value]) => form.append(name, value));
        if (item.blob) form.append("photo", new Blob([item.blob], { type: item.type }), item.type === "image/png" ? "photo.png" : "photo.jpg");
        const answer = await queue.post(told.message, form);
        if (!answer.ok) throw new Error(String(answer.status));
        await queue.drop([item.key]);
      }
    } catch (error) {
      announce(words.not_told);
    }
  }

  function announce(text) {
    const place = document.getElementById("yx-sync");
    if (place) place.querySelector("[data-status]").textContent = text;
  }

  // What the list of today says of steps that still wait
  function cards(items) {
    for (const card of document.querySelectorAll("[data-card]")) {
      const waiting = queue.unsent(items).filter((item) => item.order === card.dataset.card);
      const mark = card.querySelector("[data-card-waits]");
      const last = waiting.filter((item) => item.kind === "step" && item.state !== "refused" && item.to_words).at(-1);
      mark.textContent = waiting.length ? `${last ? `${last.to_words} · ` : ""}${words.waits_n.replace("%s", waiting.length)}` : "";
    }
  }

  // Pages for a day without signal
  async function keep() {
    const session = queue.session();
    if (!session || !("caches" in window)) return;
    const before = (await queue.meta("kept")) || {};
    if (before.staff && before.staff !== told.staff) await caches.delete(VISITS);
    const known = before.staff === told.staff ? before.pages : {};
    const language = document.documentElement.lang;
    const day = session.orders.map((order) => order.version).join();
    const wanted = [...session.pages.map((url) => [url, day]), ...session.orders.map((order) => [order.url, order.version])];
    const box = await caches.open(VISITS);
    const pages = {};
    for (const [url, version] of wanted) {
      const mark = `${language} ${version}`;
      if (known[url] === mark || await keepPage(box, url)) pages[url] = mark;
    }
    for (const url of Object.keys(known)) if (!(url in pages)) await box.delete(url);
    await queue.setMeta({ name: "kept", staff: told.staff, pages });
  }

  async function keepPage(box, url) {
    const fresh = await fetch(url, { redirect: "manual", cache: "no-store" }).catch(() => null);
    if (!fresh || !fresh.ok) return false;
    const html = (await fresh.text()).replace("<html ", "<html data-kept ");
    const headers = new Headers(fresh.headers);
    ["Content-Encoding", "Content-Length"].forEach((name) => headers.delete(name));
    await box.put(url, new Response(html, { status: 200, headers }));
    return true;
  }

  // From page to page without a worker
  async function read(url) {
    const fresh = await fetch(url, { redirect: "manual", cache: "no-store" }).catch(() => null);
    if (fresh) return fresh.ok ? fresh.text() : "";
    const kept = "caches" in window ? await caches.match(url, { ignoreSearch: true, ignoreVary: true }) : null;
    return kept ? kept.text() : "";
  }

  async function go(url, isNew = true) {
    const html = await read(url);
    if (!html) return false;
    const page = new DOMParser().parseFromString(html, "text/html");
    const main = page.querySelector("main");
    if (!main) return false;
    document.querySelector("main").replaceWith(document.adoptNode(main));
    document.title = page.title;
    queue.renderedAt = Number(page.documentElement.dataset.now);
    if (isNew && url !== location.pathname) history.pushState({}, "", url);
    window.scrollTo(0, 0);
    if (window.htmx) window.htmx.process(main);
    starters.forEach((start) => start());
    await redraw();
    return true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest(`a[href^="${told.home}"]`);
    if (!link || hasWorker() || navigator.onLine || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(link.getAttribute("href")).then((went) => { if (!went) announce(words.not_kept); });
  });
  window.addEventListener("popstate", () => go(location.pathname, false));

  // Parts of a page that come afterwards do not come without signal
  document.addEventListener("htmx:beforeRequest", (event) => { if (!navigator.onLine) event.preventDefault(); });

  // Signing out
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== told.sign_out || form.dataset.sure) return;
    event.preventDefault();
    queue.ready.then(async (isOpen) => {
      const waiting = isOpen ? queue.unsent(await queue.mine()).length : 0;
      if (waiting && !window.confirm(words.sign_out.replace("%s", waiting))) return;
      if ("caches" in window) await caches.delete(VISITS);
      if (isOpen) await queue.setMeta({ name: "kept" });
      form.dataset.sure = "1";
      form.submit();
    });
  });

  if ("serviceWorker" in navigator) navigator.serviceWorker.register(told.worker).catch((error) => console.warn(error));
  let keeping = false;
  queue.listen(async (items, state) => {
    standing = state;
    badge(items, state);
    list(items);
    cards(items);
    if (state !== "idle" || keeping) return;
    keeping = true;
    await keep().catch((error) => console.warn(error));
    keeping = false;
  });
  queue.mineIfOpen = async () => ((await queue.ready) ? queue.mine() : []);
  queue.ready.then((isOpen) => {
    works = isOpen;
    redraw();
  });

  async function redraw() {
    const items = await queue.mineIfOpen();
    badge(items, standing);
    list(items);
    cards(items);
  }

  window.yxPhone = { go, make, announce, redraw, start: (starter) => { starters.push(starter); starter(); } };
})();
