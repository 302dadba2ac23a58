"use strict";
// The phone's queue 待同步: every step and photo is kept here first and sent from here, once, in order.
// A step that the server refuses stays until the person decides; later steps of the same order wait for that.
(() => {
  const told = JSON.parse(document.getElementById("yx-phone").textContent);
  const page = document.documentElement;
  const BATCH = 50;
  const EVERY_MS = 30_000;
  const DONE_KEPT_MS = 24 * 3600_000;
  const OFFSET = "yuanxin-offset";
  const listeners = [];
  let base = null;
  let session = null;
  let running = null;
  let state = "idle";

  // The clock: how far the server is ahead of this phone, as the last page from the network said.
  const isKept = page.hasAttribute("data-kept");
  const renderedAt = Number(page.dataset.now || Date.now());
  const memory = { get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
    set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* no storage: the server decides */ } } };
  let offset = isKept ? Number(memory.get(OFFSET) || 0) : renderedAt - Date.now();
  if (isKept) page.dataset.now = String(Date.now() + offset);
  else memory.set(OFFSET, String(Math.round(offset)));

  function learn(serverMs) {
    offset = serverMs - Date.now();
    memory.set(OFFSET, String(Math.round(offset)));
  }

  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // The store
  function answer(request) {
    return new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  }

  function open() {
    return new Promise((done, failed) => {
      const request = indexedDB.open("yuanxin-phone", 1);
      request.onupgradeneeded = () => {
        const items = request.result.createObjectStore("items", { keyPath: "seq", autoIncrement: true });
        items.createIndex("staff", "staff");
        request.result.createObjectStore("meta", { keyPath: "name" });
      };
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
      request.onblocked = () => failed(new Error("blocked"));
    });
  }

  function write(work, store = "items") {
    return new Promise((done, failed) => {
      const deal = base.transaction(store, "readwrite", { durability: "strict" });
      deal.oncomplete = () => done();
      deal.onerror = deal.onabort = () => failed(deal.error);
      work(deal.objectStore(store));
    });
  }

  const mine = () => answer(base.transaction("items").objectStore("items").index("staff").getAll(told.staff));
  const meta = (name) => answer(base.transaction("meta").objectStore("meta").get(name));
  const setMeta = (value) => write((store) => store.put(value), "meta");
  const change = (item, more) => write((store) => store.put(Object.assign(item, more)));
  const unsent = (items) => items.filter((item) => item.state !== "done");

  /** Keep items, all or none. Each: {kind, order, number, action, words, told?, to?, blob?}. */
  async function add(items) {
    const acted = new Date().toISOString();
    const whole = items.map((item) => ({
      key: uuid(), staff: told.staff, state: "waiting", acted_at: acted, offset_ms: Math.round(offset), ...item,
    }));
    await write((store) => whole.forEach((item) => store.add(item)));
    await tell();
    return whole.map((item) => item.key);
  }

  async function drop(keys) {
    const items = (await mine()).filter((item) => keys.includes(item.key));
    await write((store) => items.forEach((item) => store.delete(item.seq)));
    await tell();
  }

  async function retry(keys) {
    const items = (await mine()).filter((item) => keys.includes(item.key));
    await write((store) => items.forEach((item) => store.put({ ...item, state: "waiting", reason: "", code: "" })));
    return sync();
  }

  async function tell() {
    const items = base ? await mine() : [];
    for (const listener of listeners) listener(items, state);
  }

  // Sending
  class Away extends Error {}
  class SignedOut extends Error {}
  class SomebodyElse extends Error {}

  async function ask(url, options = {}) {
    const response = await fetch(url, { redirect: "manual", credentials: "same-origin", ...options })
      .catch(() => { throw new Away(); });
    if (response.type === "opaqueredirect" || response.status === 401) throw new SignedOut();
    if (response.status === 502 || response.status === 503 || response.status === 504) throw new Away();
    return response;
  }

  async function greet() {
    const response = await ask(told.today, { cache: "no-store" });
    if (!response.ok) throw new Away();
    session = await response.json();
    if (session.staff !== told.staff) throw new SomebodyElse();
    learn(session.now_ms);
    return session;
  }

  const post = (url, body, headers = {}) =>
    ask(url, { method: "POST", body, headers: { "X-CSRFToken": session.csrf, Accept: "application/json", ...headers } });

  function parcel(item) {
    const form = new FormData();
    const fields = { key: item.key, work_order_id: item.order, kind: item.action, item: item.item || "",
      acted_at: item.acted_at, offset_ms: item.offset_ms };
    Object.entries(fields).forEach(([name, value]) => form.append(name, value));
    const ending = item.type === "image/png" ? "png" : "jpg";
    form.append("photo", new Blob([item.blob], { type: item.type }), `photo.${ending}`);
    return form;
  }

  async function broken(response) {
    const body = await response.json().catch(() => ({}));
    return { state: "refused", code: body.error || `http.${response.status}`, words: body.message || told.words.broken, fields: {} };
  }

  async function sendPhoto(item) {
    const response = await post(told.evidence, parcel(item));
    return [{ key: item.key, ...(response.ok ? await response.json() : await broken(response)) }];
  }

  async function sendSteps(items) {
    const steps = items.map((item) => ({ key: item.key, work_order_id: item.order, action: item.action,
      acted_at: item.acted_at, offset_ms: item.offset_ms, told: item.told || {} }));
    const response = await post(told.sync, JSON.stringify({ items: steps }), { "Content-Type": "application/json" });
    if (response.ok) return (await response.json()).items;
    if (items.length > 1) { // one of them breaks the whole: each for itself
      const answers = [];
      for (const item of items) answers.push(...await sendSteps([item]));
      return answers;
    }
    return [{ key: items[0].key, ...await broken(response) }];
  }

  async function settle(items, answers) {
    for (const one of answers) {
      const item = items.find((known) => known.key === one.key);
      if (!item) continue;
      if (one.state === "done") await change(item, { state: "done", blob: null, done_ms: Date.now(), reason: "" });
      else if (one.state === "refused") {
        await change(item, { state: "refused", code: one.code, reason: one.words, fields: one.fields });
      } else await change(item, { state: "waiting" });
    }
    await tell();
  }

  /** The next things to send: one photo, or steps up to the next photo; orders with a refused step stand still. */
  function next(items, tried) {
    const stopped = new Set(items.filter((item) => item.state === "refused").map((item) => item.order));
    const ready = items.filter((item) => item.state !== "done" && !stopped.has(item.order) && !tried.has(item.key));
    if (!ready.length) return [];
    if (ready[0].kind === "photo") return [ready[0]];
    const until = ready.findIndex((item) => item.kind === "photo");
    return ready.slice(0, Math.min(BATCH, until < 0 ? ready.length : until));
  }

  async function sendAll() {
    const tried = new Set();
    for (;;) {
      const batch = next(await mine(), tried);
      if (!batch.length) return;
      for (const item of batch) {
        tried.add(item.key);
        await change(item, { state: "sending" });
      }
      await tell();
      try {
        await settle(batch, batch[0].kind === "photo" ? await sendPhoto(batch[0]) : await sendSteps(batch));
      } catch (error) {
        for (const item of batch) if (item.state === "sending") await change(item, { state: "waiting" });
        throw error;
      }
    }
  }

  async function prune() {
    const old = (await mine()).filter((item) => item.state === "done" && Date.now() - item.done_ms > DONE_KEPT_MS);
    if (old.length) await write((store) => old.forEach((item) => store.delete(item.seq)));
  }

  async function round() {
    state = "sending";
    try {
      await greet();
      await sendAll();
      await prune();
      state = "idle";
    } catch (error) {
      if (error instanceof Away) state = "away";
      else if (error instanceof SignedOut) state = "signed_out";
      else if (error instanceof SomebodyElse) state = "somebody_else";
      else { state = "trouble"; console.warn(error); }
    }
    await tell();
    return state;
  }

  /** Send what waits; of two tabs one sends. Returns how it went. */
  function sync() {
    if (!base) return Promise.resolve("unsupported");
    running = running || (navigator.locks ? navigator.locks.request("yuanxin-sync", round) : round())
      .finally(() => { running = null; });
    return running;
  }

  const ready = (typeof indexedDB === "undefined" ? Promise.reject(new Error("none")) : open())
    .then((opened) => { base = opened; return true; }).catch(() => false);

  ready.then((works) => {
    tell();
    if (!works) return;
    sync();
    setInterval(() => { if (!document.hidden) sync(); }, EVERY_MS);
    window.addEventListener("online", sync);
    window.addEventListener("offline", () => { state = "away"; tell(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
  });

  window.yxQueue = {
    told, ready, isKept, renderedAt, add, drop, retry, sync, mine, unsent, meta, setMeta, uuid, post,
    greet, session: () => session, serverNow: () => Date.now() + offset, listen: (listener) => { listeners.push(listener); tell(); },
  };
})();
