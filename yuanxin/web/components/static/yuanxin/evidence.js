"use strict";
// Evidence on the phone: a signature drawn on a canvas, a photo shrunk before it travels, a position asked once.
(() => {
  const LONGEST_SIDE = 1600;

  function pad(canvas) {
    const field = document.getElementById(canvas.dataset.signature);
    const pen = canvas.getContext("2d");
    let drawing = false;
    canvas.width = canvas.clientWidth;
    canvas.height = canvas.clientHeight;
    pen.lineWidth = 2.5;
    pen.lineCap = "round";
    const point = (event) => [event.offsetX, event.offsetY];
    canvas.addEventListener("pointerdown", (event) => {
      drawing = true;
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...point(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      pen.lineTo(...point(event));
      pen.stroke();
    });
    canvas.addEventListener("pointerup", () => {
      drawing = false;
      field.value = canvas.toDataURL("image/png");
    });
    document.querySelector(`[data-clear="${canvas.dataset.signature}"]`)?.addEventListener("click", () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      field.value = "";
    });
  }

  async function shrink(input) {
    const [file] = input.files;
    if (!file || !file.type.startsWith("image/")) return;
    const picture = await createImageBitmap(file).catch(() => null);
    if (!picture) return; // the server says what is wrong with it
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    const parcel = new DataTransfer();
    parcel.items.add(new File([small], "photo.jpg", { type: "image/jpeg" }));
    input.files = parcel.files;
  }

  function place(form) {
    if (!navigator.geolocation) return;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      form.querySelector("[name=lng]").value = coords.longitude.toFixed(6);
      form.querySelector("[name=lat]").value = coords.latitude.toFixed(6);
      form.querySelector("[name=error_m]").value = Math.min(Math.round(coords.accuracy), 100000);
    }, () => {}, { enableHighAccuracy: true, timeout: 8000 });
  }

  document.querySelectorAll("canvas[data-signature]").forEach(pad);
  document.querySelectorAll("form[data-place]").forEach(place);
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-photo]")) shrink(event.target);
  });
})();
