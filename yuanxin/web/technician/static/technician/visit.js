"use strict";
// One visit: which step is next by what this phone already did, and every step through the queue.
(() => {
  const queue = window.yxQueue;
  const phone = window.yxPhone;
  const { words } = queue.told;
  const NOT_TOLD = new Set(["csrfmiddlewaretoken", "key", "signature_png"]);
  const EARTH_M = 6_371_008;
  let visit = null;

  // Orders of one visit are taken, left for and checked in together, whichever of them the button belonged to
  const FOR_ALL = new Set(["accept", "depart", "arrive"]);

  function isOurs(item) {
    if (item.order === visit.dataset.order) return true;
    return FOR_ALL.has(item.action) && visit.dataset.mates.split(" ").includes(item.order);
  }

  // Where the order stands, with the steps that only this phone knows
  function standing(items) {
    let [state, said] = [visit.dataset.state, visit.dataset.stateWords];
    for (const item of items.filter((one) => isOurs(one) && one.kind === "step")) {
      if (item.state === "refused") break;
      const isNews = item.state !== "done" || Date.parse(item.acted_at) + item.offset_ms > queue.renderedAt;
      if (isNews) [state, said] = [item.to, item.to_words];
    }
    return [state, said];
  }

  function show(items) {
    if (!visit) return;
    const [state, said] = standing(items);
    visit.querySelector("[data-standing]").textContent = said;
    let isAnything = false;
    for (const stage of visit.querySelectorAll("[data-stage]")) {
      const isOpen = stage.dataset.from.split(" ").includes(state);
      const wasHidden = stage.hidden;
      stage.hidden = !isOpen;
      isAnything = isAnything || isOpen;
      if (isOpen && stage.dataset.openAt) {
        if (stage.dataset.openAt === state) stage.open = true;
        if (wasHidden && stage.dataset.openAt !== state) stage.open = false;
      }
      if (isOpen && wasHidden) stage.querySelectorAll("form[data-place]").forEach(place);
    }
    visit.querySelector("[data-nothing-open]").hidden = isAnything;
    photos(items);
  }

  function photos(items) {
    for (const place of visit.querySelectorAll("[data-photos-of]")) {
      const kept = items.filter((item) => item.order === visit.dataset.order && item.kind === "photo" && item.state !== "refused"
        && item.action === "photo" && (item.item || "") === place.dataset.photosOf
        && (item.state !== "done" || Date.parse(item.acted_at) + item.offset_ms > queue.renderedAt));
      const count = Number(place.dataset.stored) + kept.length;
      place.dataset.count = String(count);
      place.textContent = count ? words.photos_n.replace("%s", count) : "";
    }
  }

  // What is wrong, at its field
  function clear(form) {
    form.querySelectorAll("[data-said]").forEach((node) => node.remove());
  }

  function say(form, name, text) {
    const field = name && form.querySelector(`[name="${CSS.escape(name)}"], [data-field="${CSS.escape(name)}"]`);
    const node = phone.make("div", text, { class: "yx-error", role: "alert", "data-said": "" });
    field?.closest("details")?.setAttribute("open", "");
    const place = field?.closest(".yx-field");
    if (place) place.append(node);
    else form.prepend(node);
    (place || node).scrollIntoView({ block: "center" });
  }

  function wrong(form) {
    const said = [];
    for (const field of form.elements) {
      const isEmpty = field.required && field.type !== "radio" && !field.value.trim();
      const isUnchosen = field.required && field.type === "radio" && !form.elements[field.name].value;
      if ((isEmpty || isUnchosen) && !said.some(([name]) => name === field.name)) said.push([field.name, words.required]);
    }
    if (form.dataset.step === "arrive" && form.dataset.outside && !(form.elements.photo.files.length && form.elements.reason.value.trim())) {
      said.push(["reason", words.far.replace("%s", form.dataset.outside)]);
    }
    if (form.dataset.step === "finish") said.push(...unfinished(form));
    return said;
  }

  /** What the close-out lacks; the server judges again, hours later, when nobody stands in the room any more. */
  function unfinished(form) {
    const type = form.elements.close_type.value;
    const asks = JSON.parse(form.dataset.asks)[type];
    if (!asks) return [];
    const said = [];
    const photo = [...form.querySelectorAll("[data-photos-of]")].some((place) => Number(place.dataset.count) > 0);
    if (!photo) said.push(["photo", words.photo_missing]);
    if (asks.signature && !form.elements.signature_png.value) said.push(["signature_png", words.signature_missing]);
    if (form.elements.signature_png.value && !form.elements.signature_name.value.trim()) said.push(["signature_name", words.name_missing]);
    if (asks.note && !form.elements.note.value.trim()) said.push(["note", words.note_missing]);
    if (asks.cause && !form.elements.fault_cause?.value) said.push(["fault_cause", words.cause_missing]);
    for (const place of asks.work ? form.querySelectorAll("[data-checklist]") : []) {
      const { checklist: code, required, photo: wantsPhoto } = place.dataset;
      const answer = form.elements[`check_${code}`].value;
      if (required && !answer) said.push([`check_${code}`, words.check_missing]);
      else if (wantsPhoto && answer === "yes" && !Number(place.querySelector("[data-photos-of]").dataset.count)) {
        said.push([`check_${code}`, words.photo_missing]);
      }
    }
    return said;
  }

  // Into the queue
  function told(form) {
    const found = {};
    for (const field of form.elements) {
      if (!field.name || NOT_TOLD.has(field.name) || field.type === "file" || field.type === "submit") continue;
      if (["checkbox", "radio"].includes(field.type) && !field.checked) continue;
      found[field.name] = field.name in found ? [].concat(found[field.name], field.value) : field.value;
    }
    return found;
  }

  const about = () => ({ order: visit.dataset.order, number: visit.dataset.number });

  async function pictures(form) {
    const kept = [];
    for (const input of form.querySelectorAll("input[type=file]:not([data-keep])")) {
      if (!input.files.length) continue;
      const small = await window.yxPictures.shrink(input.files[0]);
      if (!small) {
        say(form, input.name, words.no_picture);
        return null;
      }
      kept.push({ ...about(), ...small, kind: "photo", action: input.dataset.kind, words: words.kinds[input.dataset.kind] });
    }
    const signed = window.yxPictures.signature(form.elements.signature_png?.value);
    if (signed) kept.push({ ...about(), ...signed, kind: "photo", action: "signature", words: words.kinds.signature });
    return kept;
  }

  async function submit(form) {
    clear(form);
    const faults = wrong(form);
    faults.forEach(([name, text]) => say(form, name, text));
    if (faults.length) return;
    const kept = await pictures(form);
    if (!kept) return;
    const stage = form.closest("[data-stage]").dataset;
    const step = { ...about(), kind: "step", action: form.dataset.step, words: stage.words, told: told(form), to: stage.to, to_words: stage.toWords };
    const keys = await queue.add([...kept, step]);
    if (form.elements.key) form.elements.key.value = queue.uuid();
    await queue.setMeta({ name: draftName() });
    let how = await queue.sync();
    let mine = (await queue.mine()).filter((item) => keys.includes(item.key));
    if (how === "idle" && mine.some((item) => item.state === "waiting") && !mine.some((item) => item.state === "refused")) {
      how = await queue.sync();
      mine = (await queue.mine()).filter((item) => keys.includes(item.key));
    }
    const refused = mine.find((item) => item.state === "refused");
    if (refused) await takeBack(form, mine, refused);
    else await goOn(form, mine.every((item) => item.state === "done"));
  }

  /** The person is still in front of the form: say it there, and keep nothing that he sends again anyway. */
  async function takeBack(form, mine, refused) {
    await queue.drop(mine.filter((item) => item.state !== "done").map((item) => item.key));
    const isLost = ["fieldwork.not_your_order", "kernel.not_found"].includes(refused.code);
    if (isLost && await phone.go(location.pathname)) return;
    const field = Object.keys(refused.fields || {})[0] || (refused.kind === "photo" ? "photo" : "");
    say(form, field === "signature" ? "signature_png" : field, refused.reason);
  }

  async function goOn(form, isDone) {
    const isLeft = ["finish", "return", "hand_over", "hand_back", "hold", "reschedule"].includes(form.dataset.step);
    if (isLeft) {
      if (!await phone.go(queue.told.home)) location.assign(queue.told.home);
    } else if (isDone) {
      if (!await phone.go(location.pathname)) location.reload();
    } else window.scrollTo(0, 0);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-step]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    queue.ready.then((works) => (works ? submit(form) : form.submit()))
      .catch((error) => { console.warn(error); say(form, "", words.not_kept_here); })
      .finally(() => { delete form.dataset.busy; });
  });

  /** A photo for the close-out is kept at once, so that nothing is lost when the phone dies. */
  async function keepPhoto(input) {
    const form = input.form;
    const [file] = input.files;
    if (!file || !await queue.ready) return;
    clear(form);
    const small = await window.yxPictures.shrink(file);
    input.value = "";
    if (!small) {
      say(form, input.name, words.no_picture);
      return;
    }
    await queue.add([{ ...about(), ...small, kind: "photo", action: "photo", item: input.dataset.item || "", words: input.dataset.words }]);
    queue.sync();
  }

  // Where the phone is
  function place(form) {
    if (!navigator.geolocation || form.dataset.asked) return;
    form.dataset.asked = "1";
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      form.elements.lng.value = coords.longitude.toFixed(6);
      form.elements.lat.value = coords.latitude.toFixed(6);
      form.elements.error_m.value = Math.min(Math.round(coords.accuracy), 100000);
      distance(form, coords);
    }, () => {}, { enableHighAccuracy: true, timeout: 8000 });
  }

  function distance(form, coords) {
    const home = form.dataset;
    if (!home.lng || !home.lat) return;
    const [a, b] = [Number(home.lat), coords.latitude].map((one) => (one * Math.PI) / 180);
    const turn = ((coords.longitude - Number(home.lng)) * Math.PI) / 180;
    const metres = Math.round(EARTH_M * Math.hypot(b - a, turn * Math.cos((a + b) / 2)));
    const isOutside = metres > Number(home.radius) + Math.min(coords.accuracy, Number(home.accuracy));
    form.dataset.outside = isOutside ? String(metres) : "";
    form.querySelector("[data-distance]").textContent = words.distance.replace("%s", metres);
    if (isOutside) form.querySelector("details").open = true;
  }

  // What was filled in survives the phone
  const draftName = () => `draft ${queue.told.staff} ${visit.dataset.order}`;

  async function draft(form) {
    if (!await queue.ready) return;
    const kept = (await queue.meta(draftName()))?.told || {};
    for (const field of form.elements) {
      const value = kept[field.name];
      if (value === undefined || field.type === "file" || field.type === "hidden") continue;
      if (["checkbox", "radio"].includes(field.type)) field.checked = [].concat(value).includes(field.value);
      else field.value = value;
    }
    asked(form);
    form.addEventListener("input", () => queue.setMeta({ name: draftName(), told: told(form) }));
  }

  /** Show only what the chosen result asks for. */
  function asked(form) {
    const asks = JSON.parse(form.dataset.asks)[form.elements.close_type.value] || {};
    form.querySelectorAll("[data-if]").forEach((part) => { part.hidden = !asks[part.dataset.if]; });
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-keep]")) keepPhoto(event.target);
    else if (event.target.name === "close_type") asked(event.target.form);
  });

  document.addEventListener("click", (event) => {
    const by = event.target.closest("[data-add]");
    if (!by) return;
    const field = document.getElementById(by.dataset.for);
    field.value = String(Math.max(0, Number(field.value || 0) + Number(by.dataset.add)));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  function start() {
    visit = document.getElementById("visit");
    if (!visit) return;
    visit.querySelectorAll("canvas[data-signature]").forEach(window.yxPictures.pad);
    visit.querySelectorAll("[data-js]").forEach((part) => { part.hidden = false; });
    visit.querySelectorAll("[data-stage]:not([hidden]) form[data-place]").forEach(place);
    visit.querySelectorAll("form[data-asks]").forEach(draft);
    queue.ready.then(async (works) => { if (works) { show(await queue.mine()); phone.redraw(); } });
  }

  phone.start(start);
  queue.listen(show);
})();
