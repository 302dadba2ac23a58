"use strict";
// Pictures on the phone: shrunk before they are kept, a signature drawn with the finger.
(() => {
  const LONGEST_SIDE = 1600;
  const QUALITY = 0.85;

  /** Return the photo as a small JPEG; null when the file is no picture. */
  async function shrink(file) {
    const picture = await createImageBitmap(file).catch(() => null);
    if (!picture) return null;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return small && { blob: await small.arrayBuffer(), type: "image/jpeg" };
  }

  function pad(canvas) {
    const field = document.getElementById(canvas.dataset.signature);
    const pen = canvas.getContext("2d");
    let drawing = false;
    const size = () => {
      if (field.value || !canvas.clientWidth) return;
      canvas.width = canvas.clientWidth;
      canvas.height = canvas.clientHeight;
      pen.lineWidth = 2.5;
      pen.lineCap = "round";
    };
    new ResizeObserver(size).observe(canvas); // a pad inside a closed part has no size yet
    canvas.addEventListener("pointerdown", (event) => {
      drawing = true;
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(event.offsetX, event.offsetY);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      pen.lineTo(event.offsetX, event.offsetY);
      pen.stroke();
    });
    canvas.addEventListener("pointerup", () => {
      drawing = false;
      field.value = canvas.toDataURL("image/png");
    });
    document.querySelector(`[data-clear="${canvas.dataset.signature}"]`)?.addEventListener("click", () => {
      field.value = "";
      pen.clearRect(0, 0, canvas.width, canvas.height);
    });
  }

  /** Return a drawn signature's bytes; null when nothing was drawn. */
  function signature(text) {
    const [head, body] = (text || "").split(",", 2);
    if (head !== "data:image/png;base64" || !body) return null;
    return { blob: Uint8Array.from(atob(body), (one) => one.charCodeAt(0)).buffer, type: "image/png" };
  }

  window.yxPictures = { shrink, pad, signature };
})();
