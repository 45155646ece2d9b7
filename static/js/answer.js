// The unit's answer. The form works without this file; with it every shot is kept on the phone, the answer goes out by the
// same queue as an inspector's records (a dead page or a broken line loses nothing), and what the office did meanwhile is
// said beside what was written.
const store = window.patrolStore;
const { ready, url, thumb, receipt } = window.patrolPhoto;
const EARTH = 6371000;
const page = document.querySelector("[data-order]");
const { order, title } = page.dataset;
const KEY = `answer:${order}`;
const form = document.querySelector("form[data-answer]");
const kept = document.querySelector("[data-kept]");
let shots = [];
let position = null;
let was = "";

const toast = (text, level = "success") => document.dispatchEvent(new CustomEvent("toast", { detail: { text, level } }));
const rad = (degrees) => (degrees * Math.PI) / 180;

function metres(one, other) {
  const across = rad(other.longitude - one.longitude);
  const half =
    Math.sin(rad(other.latitude - one.latitude) / 2) ** 2 +
    Math.cos(rad(one.latitude)) * Math.cos(rad(other.latitude)) * Math.sin(across / 2) ** 2;
  return Math.round(2 * EARTH * Math.asin(Math.sqrt(half)));
}

/* ---------- the photos ---------- */
function later(isShown) {
  for (const part of form.querySelectorAll("[data-later]")) part.hidden = !isShown;
  for (const part of form.querySelectorAll("[data-plain]")) part.hidden = isShown;
  form.querySelector("[data-shoot]").classList.toggle("again", isShown);
  form.querySelector("[data-shoot-words]").textContent = isShown ? "再拍一张" : "拍照答复";
}

function draw() {
  later(shots.length > 0 || "keptShots" in form.dataset);
  const image = form.querySelector("[data-shot]");
  form.querySelector("[data-drop]").hidden = !shots.length;
  form.querySelector("[data-pics]").replaceChildren(...shots.slice(0, -1).map((photo, at) => thumb(photo, `整改后第 ${at + 1} 张`, drop)));
  if (!shots.length) {
    image.hidden = !("keptShots" in form.dataset);
    return;
  }
  image.src = url(shots[shots.length - 1]);
  image.hidden = false;
  form.querySelector("[data-shot-words]").textContent = shots.length > 1 ? `整改后 ${shots.length} 张` : "整改后 刚刚";
}

async function picked(input) {
  const files = [...input.files];
  input.value = ""; // armed again; what was shot is on the phone
  for (const file of files) {
    const photo = await ready(file, { moment: "after" });
    await store.keepPhoto(photo);
    shots.push(photo);
  }
  await keepDraft();
  draw();
  locate();
}

async function drop(photo) {
  shots = shots.filter((other) => other !== photo);
  await store.dropPhoto(photo.id);
  await keepDraft();
  draw();
}

function locate() {
  if (navigator.geolocation && window.isSecureContext) navigator.geolocation.getCurrentPosition(tellDistance, () => {}, { timeout: 8000 });
}

function tellDistance({ coords }) {
  position = coords;
  if (!form.dataset.latitude) return;
  const far = metres({ latitude: Number(form.dataset.latitude), longitude: Number(form.dataset.longitude) }, coords);
  const line = form.querySelector("[data-near]");
  line.hidden = false;
  line.classList.toggle("far", far > 50);
  line.textContent = far > 50 ? `离整改前的位置 ${far} m，请核对是不是同一处` : `与整改前是同一位置，相距 ${far} m`;
}

/* ---------- the draft ---------- */
const says = () => [...form.querySelectorAll("[name=say]:checked")].map((tick) => tick.value);
const words = () => [...says(), form.elements.words.value.trim()].filter(Boolean).join(" ");
const keepDraft = () => store.keepDraft(KEY, { shots: shots.map((photo) => photo.id), says: says(), text: form.elements.words.value });

async function restore() {
  const draft = await store.draft(KEY);
  if (!draft) return;
  const photos = (await store.photos()).filter((photo) => photo.state === "draft");
  shots = draft.value.shots.map((id) => photos.find((photo) => photo.id === id)).filter(Boolean);
  for (const tick of form.querySelectorAll("[name=say]")) tick.checked = draft.value.says.includes(tick.value);
  write(draft.value.text);
}

function write(text) {
  form.elements.words.value = text;
  if (text) form.querySelector("details.own").open = true;
}

/* ---------- filing ---------- */
async function submit(event) {
  event.preventDefault();
  event.stopImmediatePropagation(); // session.js need not ask: nothing leaves the page, the queue asks itself
  if (!shots.length && !("keptShots" in form.dataset)) return toast("请先拍一张整改后的照片", "warning");
  const id = store.newId();
  const version = Number(form.elements.version.value);
  const photos = shots.map((photo) => (photo.latitude === null && position ? { ...photo, latitude: position.latitude, longitude: position.longitude } : photo));
  const message = { client_id: id, finding: order, at: new Date().toISOString(), version, words: words(), photos: photos.map((photo) => photo.id) };
  const about = { answers: order, version, words: words(), page: `/orders/${order}` };
  try {
    await store.file({ id, url: "/api/v1/answers", message, title: `答复整改 ${order}`, where: title, photos, draft: KEY, needs: message.photos, about });
  } catch {
    return toast("手机里存不下了，请清理空间后再交。内容还在本页。", "error");
  }
  shots = [];
  await show();
  return window.patrolQueue.wake();
}

/* ---------- what is on its way ---------- */
// An answer that has arrived matters only to a page that was made before it.
async function mine() {
  const version = form ? Number(form.elements.version.value) : -1;
  const rows = (await store.records()).filter((row) => row.about && row.about.answers === order);
  return rows.filter((row) => row.state !== "received" || row.about.version === version).pop();
}

const TITLES = { waiting: "答复已存在手机里", received: "答复已收到，等复查", refused: "上次的答复没有收下" };

async function show() {
  const record = await mine();
  kept.hidden = !record;
  if (form) form.hidden = Boolean(record);
  if (!record) return;
  const photos = (await store.photos()).filter((photo) => photo.record === record.id);
  const part = (name) => kept.querySelector(`[data-kept-${name}]`);
  part("title").textContent = TITLES[record.state];
  part("words").textContent = record.about.words ? `“${record.about.words}”` : "";
  part("photos").replaceChildren(...photos.map(receipt));
  part("why").hidden = record.state !== "refused";
  part("why").textContent = record.error || "";
  part("next").textContent = record.state === "waiting" ? (navigator.onLine ? "正在上传，可以关掉本页，打开时接着传。" : "没有信号，联网后自动送出。时限以送到为准。") : "";
  part("again").hidden = record.state !== "refused" || !form;
  part("drop").hidden = record.state !== "refused";
  if (was === "waiting" && record.state === "received") window.location.reload();
  was = record.state;
}

// Words and photos go back into the form, to be put right and sent anew.
async function again() {
  const record = await mine();
  const photos = (await store.photos()).filter((photo) => photo.record === record.id);
  for (const photo of photos) await store.keepPhoto({ ...photo, record: "", share: 0, error: "" });
  await store.remove([record.id], []);
  shots = photos;
  for (const tick of form.querySelectorAll("[name=say]")) tick.checked = false;
  write(record.about.words);
  await keepDraft();
  await show();
  draw();
}

async function dropKept() {
  const record = await mine();
  const photos = (await store.photos()).filter((photo) => photo.record === record.id);
  await store.remove([record.id], photos.map((photo) => photo.id));
  await show();
}

async function begin() {
  kept.querySelector("[data-kept-again]").addEventListener("click", again);
  kept.querySelector("[data-kept-drop]").addEventListener("click", dropKept);
  window.patrolQueue.onChange(show);
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  if (form) {
    form.classList.add("ready");
    form.elements.photo.required = false;
    form.elements.photo.addEventListener("change", (event) => event.target.files.length && picked(event.target));
    form.addEventListener("change", (event) => event.target.type !== "file" && keepDraft());
    form.addEventListener("submit", submit);
    form.querySelector("[data-drop]").addEventListener("click", () => drop(shots[shots.length - 1]));
    await restore();
    draw();
  }
  await show();
}

if (window.indexedDB) begin();
