"use strict";
// The map: outlines of the grids, jobs by shape and colour, technicians on duty where they were last seen. Without an
// address for map pictures it draws outlines only and asks nobody on the internet.
(() => {
  const board = window.yxBoard;
  const { element, say } = board;
  const place = document.getElementById("board-map");
  const legend = document.getElementById("board-legend");
  const frame = document.getElementById("board");
  const tiles = JSON.parse(document.getElementById("board-tiles").textContent);
  const L = window.L;
  const MIDDLE_OF_CHINA = [35, 105], FAR_ZOOM = 4;
  const HUES = 12, STEP_PX = 9, AROUND_M = 250, FIRST_ZOOM = 12, NEAR_ZOOM = 14;
  const map = L.map(place, { zoomControl: false, attributionControl: false, zoomAnimation: false, fadeAnimation: false });
  const [areas, jobs, people] = [L.layerGroup(), L.layerGroup(), L.layerGroup()].map((layer) => layer.addTo(map));
  const markers = new Map(); // order -> marker
  let fitted = false, isOld = false;

  L.control.zoom({ zoomInTitle: say.zoom_in, zoomOutTitle: say.zoom_out }).addTo(map);
  if (tiles.url) {
    L.tileLayer(tiles.url, { attribution: element("span", "", tiles.credit).innerHTML }).addTo(map);
    L.control.attribution({ prefix: false }).addTo(map);
  }

  const around = ([lng, lat]) => [lat, lng];
  const hue = (id) => [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7) % HUES;

  function look(job) {
    const urgency = board.urgency(job);
    if (board.colour === "state") return `yx-pin-state-${job.state}`;
    if (board.colour === "technician") return job.technician ? `yx-hue-${hue(job.technician)}` : "yx-pin-nobody";
    return `yx-pin-${urgency || "none"}`;
  }

  function words(job) {
    const who = job.technician ? `${board.nameOf(job.technician)} ${board.span(job.from, job.to)}` : "";
    return [job.number, board.wordOf("state", job.state), who, job.place, ...board.flagsOf(job)].filter(Boolean).join(" · ");
  }

  function icon(job, nth) {
    const mark = element("span", `yx-pin ${look(job)}${board.isPlanned(job) ? " yx-pin-planned" : ""}`
      + `${job.id === board.chosen ? " yx-pin-chosen" : ""}`, board.SHAPES[board.urgency(job)]);
    return L.divIcon({ html: mark, className: "yx-pin-place", iconSize: [20, 20], iconAnchor: [10 - nth * STEP_PX, 10] });
  }

  // Orders at one point stand beside each other.
  function ranks(shown) {
    const seen = new Map();
    return new Map(shown.map((job) => {
      const key = job.at.join();
      const nth = seen.get(key) || 0;
      seen.set(key, nth + 1);
      return [job.id, nth];
    }));
  }

  function drawJobs(changed) {
    const shown = [...board.jobs.values()].filter((job) => job.at && board.fits(job));
    const nths = ranks(shown);
    markers.forEach((marker, id) => {
      if (nths.has(id)) return;
      marker.remove();
      markers.delete(id);
    });
    shown.forEach((job) => {
      let marker = markers.get(job.id);
      if (!marker) {
        marker = L.marker(around(job.at), { keyboard: false, icon: icon(job, nths.get(job.id)) }).addTo(jobs);
        marker.on("click", () => board.choose(job.id, "map"));
        marker.bindTooltip(() => element("span", "", words(board.job(job.id) || job)));
        markers.set(job.id, marker);
      } else {
        marker.setLatLng(around(job.at));
        marker.setIcon(icon(job, nths.get(job.id)));
      }
      marker.setZIndexOffset(job.id === board.chosen ? 1000 : 0);
      if (changed?.has(job.id)) board.flash(marker.getElement().firstChild);
    });
  }

  function drawPeople() {
    people.clearLayers();
    board.day.technicians.filter((one) => one.seen).forEach((one) => {
      const [lng, lat, at] = one.seen;
      const mark = element("span", `yx-person yx-hue-${hue(one.id)}`, one.name.slice(0, 1));
      L.marker([lat, lng], { keyboard: false, icon: L.divIcon({ html: mark, className: "yx-pin-place", iconSize: [24, 24] }) })
        .bindTooltip(element("span", "", `${one.name} ${one.number} · ${say.seen} ${board.time(at)}`)).addTo(people);
    });
  }

  function drawAreas(grids) {
    areas.clearLayers();
    grids.forEach((grid) => {
      const corners = grid.outline.map(around);
      const shapes = corners.length > 2 ? [L.polygon(corners, { className: "yx-grid", interactive: false })]
        : corners.map((corner) => L.circle(corner, { radius: AROUND_M, className: "yx-grid", interactive: false }));
      shapes.forEach((shape) => shape.addTo(areas));
      const middle = L.latLngBounds(corners).getCenter();
      const name = L.divIcon({ html: element("span", "", grid.name), className: "yx-grid-name", iconSize: null });
      L.marker(middle, { keyboard: false, interactive: false, icon: name }).addTo(areas);
    });
    if (!fitted) fit(grids.flatMap((grid) => grid.outline));
  }

  function fit(others = []) {
    const points = [...board.jobs.values()].filter((job) => job.at).map((job) => job.at);
    const known = points.length ? points : others;
    if (!known.length || !place.clientWidth) return;
    map.fitBounds(L.latLngBounds(known.map(around)).pad(0.1), { animate: false, maxZoom: FIRST_ZOOM + 3 });
    fitted = true;
  }

  function drawLegend() {
    const states = [...new Set([...board.jobs.values()].map((job) => job.state))];
    const shown = board.colour === "state" ? states.map((state) => [`yx-pin-state-${state}`, "●", board.wordOf("state", state)])
      : ["late", "red", "amber", "green", "paused"].map((level) => [
        board.colour === "urgency" ? `yx-pin-${level}` : "", board.SHAPES[level], board.wordOf("urgency", level)]);
    legend.replaceChildren(...shown.map(([look, shape, text]) => {
      const item = element("li");
      item.append(element("span", `yx-pin ${look}`, shape), ` ${text}`);
      return item;
    }));
  }

  // Nothing is drawn while the time line is shown: what changed meanwhile is drawn when the map is.
  function draw(changed) {
    isOld = board.tab !== "map";
    if (isOld) return;
    drawJobs(changed);
    drawPeople();
    drawLegend();
  }

  board.addEventListener("data", (event) => draw(event.detail));
  board.addEventListener("filter", () => draw());
  board.addEventListener("colour", () => draw());
  board.addEventListener("tab", () => { if (isOld) draw(); });
  board.addEventListener("choose", (event) => {
    if (board.tab !== "map") {
      isOld = true;
      return;
    }
    drawJobs();
    const job = board.job(board.chosen);
    if (job?.at && event.detail !== "map" && !map.getBounds().contains(around(job.at))) {
      map.setView(around(job.at), Math.max(map.getZoom(), NEAR_ZOOM), { animate: false });
    }
  });
  new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    if (!fitted && place.clientWidth) fit();
  }).observe(place);
  map.setView(MIDDLE_OF_CHINA, FAR_ZOOM);
  fit();
  draw();
  fetch(frame.dataset.grids, { headers: { "X-Yuanxin-Live": "1" } })
    .then((answer) => (answer.ok ? answer.json() : [])).then(drawAreas).catch(() => board.announce(say.no_outlines));
})();
