"use strict";
// Serials by camera: frames decoded in plain JavaScript, because the browsers of most phones here have no detector
// of their own. Where no camera can be had (some web views), a still photo of the code does it, or typing.
(() => {
  const queue = window.yxQueue;
  const { words } = queue.told;
  const address = document.currentScript.dataset.decoder;
  const EVERY_MS = 250;
  const LONGEST_SIDE = 1280;
  let library = null;

  function load() {
    library = library || new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => done(reader(window.ZXing));
      script.onerror = () => { library = null; failed(new Error("decoder")); };
      document.head.append(script);
    });
    return library;
  }

  function reader(zxing) {
    const formats = ["CODE_128", "CODE_39", "EAN_13", "ITF", "QR_CODE", "DATA_MATRIX"].map((name) => zxing.BarcodeFormat[name]);
    const hints = new Map([[zxing.DecodeHintType.POSSIBLE_FORMATS, formats], [zxing.DecodeHintType.TRY_HARDER, true]]);
    const multi = new zxing.MultiFormatReader();
    multi.setHints(hints);
    return (canvas) => {
      try {
        const light = new zxing.HTMLCanvasElementLuminanceSource(canvas);
        return multi.decodeWithState(new zxing.BinaryBitmap(new zxing.HybridBinarizer(light))).getText();
      } catch {
        return ""; // no code in this picture
      } finally {
        multi.reset();
      }
    };
  }

  function drawn(picture, width, height, canvas = document.createElement("canvas")) {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d", { willReadFrequently: true }).drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  function found(field, text) {
    const serial = text.trim();
    const known = field.value.split(/\s+/).filter(Boolean);
    if (!known.includes(serial)) field.value = [...known, serial].join(" ");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    window.yxPhone.announce(words.scan_found.replace("%s", serial));
  }

  async function film(field) {
    const sheet = window.yxPhone.make("dialog", "", { class: "yx-scanner", "aria-label": words.scan_title });
    const video = document.createElement("video");
    video.muted = video.playsInline = true;
    const stop = window.yxPhone.make("button", words.scan_stop, { type: "button", class: "btn yx-big" });
    sheet.append(video, stop);
    document.body.append(sheet);
    let stream = null;
    let clock = null;
    const end = () => {
      clearInterval(clock);
      stream?.getTracks().forEach((track) => track.stop());
      sheet.remove();
    };
    stop.addEventListener("click", end);
    sheet.addEventListener("close", end);
    try {
      const decode = await load();
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      video.srcObject = stream;
      sheet.showModal();
      await video.play();
      const canvas = document.createElement("canvas");
      clock = setInterval(() => {
        if (!video.videoWidth) return;
        const text = decode(drawn(video, video.videoWidth, video.videoHeight, canvas));
        if (!text) return;
        found(field, text);
        end();
      }, EVERY_MS);
    } catch {
      end();
      window.yxPhone.announce(words.scan_no_camera);
    }
  }

  async function still(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    const picture = await createImageBitmap(file).catch(() => null);
    const decode = await load().catch(() => null);
    const text = picture && decode ? decode(drawn(picture, picture.width, picture.height)) : "";
    if (text) found(document.getElementById(input.dataset.scanPhoto), text);
    else window.yxPhone.announce(picture ? words.scan_none : words.no_picture);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-scan]");
    if (button) film(document.getElementById(button.dataset.scan));
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-scan-photo]")) still(event.target);
  });
})();
