// The unit's answer. Works without this file; with it: the photo is drawn smaller and laid beside the one before, its
// distance is told where the phone gives a position, and what belongs to sending shows once there is something to send.
const EDGE = 1600;
const QUALITY = 0.82;
const EARTH = 6371000;
const form = document.querySelector("form[data-answer]");

const rad = (degrees) => (degrees * Math.PI) / 180;

function metres(one, other) {
  const across = rad(other.longitude - one.longitude);
  const half =
    Math.sin(rad(other.latitude - one.latitude) / 2) ** 2 +
    Math.cos(rad(one.latitude)) * Math.cos(rad(other.latitude)) * Math.sin(across / 2) ** 2;
  return Math.round(2 * EARTH * Math.asin(Math.sqrt(half)));
}

async function smaller(file) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file;
  const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return drawn && drawn.size < file.size ? new File([drawn], "photo.jpg", { type: "image/jpeg" }) : file;
}

function later(isShown) {
  for (const part of form.querySelectorAll("[data-later]")) part.hidden = !isShown;
  for (const part of form.querySelectorAll("[data-plain]")) part.hidden = isShown;
  form.querySelector("[data-shoot]").classList.toggle("again", isShown);
  form.querySelector("[data-shoot-words]").textContent = isShown ? "重拍" : "拍照答复";
}

function tellDistance(position) {
  form.elements.latitude.value = position.coords.latitude.toFixed(6);
  form.elements.longitude.value = position.coords.longitude.toFixed(6);
  if (!form.dataset.latitude) return;
  const before = { latitude: Number(form.dataset.latitude), longitude: Number(form.dataset.longitude) };
  const far = metres(before, position.coords);
  const line = form.querySelector("[data-near]");
  line.hidden = false;
  line.classList.toggle("far", far > 50);
  line.textContent = far > 50 ? `离整改前的位置 ${far} m，请核对是不是同一处` : `与整改前是同一位置，相距 ${far} m`;
}

async function shot(input) {
  if (!input.files.length) return;
  const files = await Promise.all([...input.files].map(smaller));
  const kept = new DataTransfer();
  for (const file of files) kept.items.add(file);
  input.files = kept.files;
  const image = form.querySelector("[data-shot]");
  image.src = URL.createObjectURL(files[0]);
  image.hidden = false;
  form.querySelector("[data-shot-words]").textContent = files.length > 1 ? `整改后 ${files.length} 张` : "整改后 刚刚";
  later(true);
  if (navigator.geolocation) navigator.geolocation.getCurrentPosition(tellDistance, () => {}, { timeout: 8000 });
}

if (form) {
  const input = form.elements.photo;
  later(Boolean(form.querySelector("[data-shot][src]")));
  input.addEventListener("change", () => shot(input));
  form.addEventListener("submit", () => {
    const button = form.querySelector("button.main-button");
    setTimeout(() => (button.disabled = true));
  });
}
