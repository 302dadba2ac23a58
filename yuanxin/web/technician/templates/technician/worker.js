"use strict";
// The worker of the technician's pages: what a phone needs for a day without signal is answered from the phone.
// Pages come from the network first and from the phone when there is none; our own files never change under one
// name, so they come from the phone first. What is sent goes past here: the page's queue sends it, and knows.
const TOLD = JSON.parse("{{ told_json|escapejs }}");
const SHELL = `yuanxin-shell-${TOLD.version}`;
const VISITS = "yuanxin-visits"; // filled by the page, which knows whose phone this is
const PATIENCE_MS = 6000;
const LOOSELY = { ignoreSearch: true, ignoreVary: true }; // whose page it is was settled when it was kept
const HASHED = /\.[0-9a-f]{12}\.[a-z]+$/;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(SHELL).then((shell) => Promise.all(TOLD.files.map((file) => shell.add(file)))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("yuanxin-shell-") && name !== SHELL);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

function inTime(request) {
  return new Promise((done, failed) => {
    const clock = setTimeout(() => failed(new Error("slow")), PATIENCE_MS);
    fetch(request).then(done, failed).finally(() => clearTimeout(clock));
  });
}

async function file(request) {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(request, { ignoreVary: true });
  if (kept && HASHED.test(new URL(request.url).pathname)) return kept;
  try {
    const fresh = await inTime(request);
    if (fresh.ok) await shell.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function page(request) {
  const visits = await caches.open(VISITS);
  try {
    const fresh = await inTime(request);
    if (fresh.status < 500) return fresh;
    return (await visits.match(request, LOOSELY)) || fresh;
  } catch (error) {
    const kept = await visits.match(request, LOOSELY);
    if (kept) return kept;
    const home = await visits.match(TOLD.home, LOOSELY);
    if (home) return Response.redirect(TOLD.home, 302);
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (address.pathname.startsWith(TOLD.statics)) event.respondWith(file(request));
  else if (request.mode === "navigate" && address.pathname.startsWith(TOLD.home)) event.respondWith(page(request));
});
