// Shoot first, tile, submit. The form works without this file; with it everything is kept on the phone and sent behind.
const store = window.patrolStore;
const { ready, url } = window.patrolPhoto;
const form = document.querySelector("[data-patrol]");
const find = (name) => document.querySelector(`[data-${name}]`);
const shot = find("shot");
const dialog = document.getElementById("places");
const LAST = `patrol:place:${store.user}`;
const MOST_PHOTOS = 12;
let pack = null;
let position = null;
let shots = [];
let stampedAt = "";

const toast = (text, level = "success") => document.dispatchEvent(new CustomEvent("toast", { detail: { text, level } }));
const current = () => (pack ? pack.places.find((place) => place.code === form.elements.place.value) : null);

/* ---------- the place ---------- */
function metres(place) {
  if (!position || !place.at) return Infinity;
  const rad = Math.PI / 180;
  const x = (place.at[1] - position.longitude) * rad * Math.cos(place.at[0] * rad);
  const y = (place.at[0] - position.latitude) * rad;
  return Math.hypot(x, y) * 6371000;
}

const far = (m) => (m === Infinity ? "" : m < 1000 ? `${Math.round(m)} m` : `${(m / 1000).toFixed(1)} km`);

function choose(place, { where = "" } = {}) {
  form.elements.place.value = place ? place.code : "";
  form.elements.where.value = where;
  find("where").hidden = Boolean(place);
  const stop = place && pack.route.find((row) => row.code === place.code);
  form.elements.round.value = stop ? stop.round : "";
  find("place-name").textContent = place ? place.name : where || "选点位";
  find("distance").textContent = place ? far(metres(place)) : "";
  find("last").textContent = place ? place.last : "没有点位，请写在哪里";
  find("unit").textContent = (place && place.unit) || "待定";
  const kind = place && pack.types[place.type];
  const link = find("checklist");
  link.hidden = !(kind && kind.items);
  if (kind) {
    link.href = `/patrol/new?site=${place.code}`;
    find("items").textContent = kind.items;
    drawTiles(kind.tiles);
  }
  if (place) localStorage.setItem(LAST, place.code);
  stamp();
}

function drawTiles(tiles) {
  const box = find("tiles");
  const names = [...box.querySelectorAll("input")].map((input) => `${input.value}:${input.dataset.item}`);
  if (names.join() === tiles.map((tile) => `${tile.name}:${tile.item}`).join()) return;
  const icons = document.querySelector("template[data-icons]").content;
  const made = tiles.map((tile) => {
    const label = box.firstElementChild.cloneNode(true);
    const input = label.querySelector("input");
    input.checked = false;
    Object.assign(input, { value: tile.name });
    Object.assign(input.dataset, { item: tile.item, limit: tile.limit });
    label.querySelector("span").replaceChildren(icons.querySelector(`[data-icon="${tile.icon}"]`).firstElementChild.cloneNode(true), tile.name);
    return label;
  });
  box.replaceChildren(...made);
  tileChanged();
}

function line(place) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  const name = document.createElement("b");
  name.textContent = place.name;
  const more = document.createElement("span");
  more.textContent = [place.code, far(metres(place)), place.last].filter(Boolean).join(" · ");
  button.append(name, more);
  button.addEventListener("click", () => {
    if (!pack.places.some((known) => known.code === place.code)) pack.places.push(place);
    choose(place);
    dialog.close();
  });
  item.append(button);
  return item;
}

// Nearest first where the position is known; else the route, then the list's own order.
function nearby() {
  const route = new Set(pack.route.filter((row) => !row.done).map((row) => row.code));
  const rank = (place) => (position ? metres(place) : route.has(place.code) ? 0 : 1);
  return [...pack.places].sort((a, b) => rank(a) - rank(b)).slice(0, 12);
}

async function search(text) {
  const words = text.trim().toLowerCase();
  const show = (places) => find("place-list").replaceChildren(...places.map(line));
  if (!pack) return;
  if (!words) return show(nearby());
  const found = pack.places.filter((place) => place.find.includes(words) || place.code.toLowerCase() === words);
  show(found.slice(0, 30));
  if (pack.is_whole || found.length || !navigator.onLine) return;
  try {
    const answer = await fetch(`/patrol/places?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
    if (answer.ok && find("find").value.trim().toLowerCase() === words) show((await answer.json()).places);
  } catch {
    toast("没有信号，只能找手机里带着的点位", "warning");
  }
}

/* ---------- the photos ---------- */
function stamp() {
  const place = current();
  find("stamp").textContent = [`${stampedAt} · ${place ? place.name : form.elements.where.value || "未选点位"}`, [place && place.street, pack && pack.name].filter(Boolean).join(" · ")].join("\n");
}

async function picked(event) {
  const input = event.target.closest("[data-pick]");
  if (!input || !input.files.length) return;
  const files = [...input.files];
  input.value = ""; // armed again for the next shot
  for (const file of files) {
    if (shots.length >= MOST_PHOTOS) return toast(`一个问题最多 ${MOST_PHOTOS} 张照片`, "warning");
    const photo = await ready(file, { moment: "before", ...(position || {}) });
    await store.keepPhoto(photo);
    shots.push(photo);
    await keepDraft();
    draw();
  }
}

async function drop() {
  const last = shots.pop();
  await store.dropPhoto(last.id);
  await keepDraft();
  draw();
}

function draw() {
  shot.hidden = !shots.length;
  for (const input of form.querySelectorAll(".ring input,.album input")) input.disabled = Boolean(shots.length);
  find("file").disabled = !shots.length;
  if (!shots.length) return;
  const first = shots[0];
  find("shown").src = url(first);
  const when = new Date(first.taken_at);
  stampedAt = `${when.getMonth() + 1}月${when.getDate()}日 ${String(when.getHours()).padStart(2, "0")}:${String(when.getMinutes()).padStart(2, "0")}`;
  stamp();
  find("count").textContent = `${shots.length} 张`;
  const more = find("more");
  for (const image of more.querySelectorAll("img")) image.remove();
  shots.slice(1).slice(-2).forEach((photo) => {
    const image = new Image();
    image.alt = "";
    image.src = url(photo);
    more.prepend(image);
  });
}

function tileChanged() {
  const tile = form.querySelector("[name=tile]:checked") || form.querySelector("[name=tile]");
  if (tile) find("limit-words").textContent = tile.dataset.limit;
}

/* ---------- the draft: a killed page finds its photos again ---------- */
const keepDraft = () => store.keepDraft("home", {
  shots: shots.map((photo) => photo.id),
  place: form.elements.place.value,
  where: form.elements.where.value,
  tile: (form.querySelector("[name=tile]:checked") || {}).value || "",
  text: form.elements.text.value,
});

async function restore() {
  const kept = await store.draft("home");
  if (!kept) return false;
  const photos = await store.photos();
  shots = kept.value.shots.map((id) => photos.find((photo) => photo.id === id && photo.state === "draft")).filter(Boolean);
  const place = pack && pack.places.find((row) => row.code === kept.value.place);
  if (pack && shots.length) choose(place, { where: kept.value.where });
  form.elements.text.value = kept.value.text;
  const tile = [...form.querySelectorAll("[name=tile]")].find((input) => input.value === kept.value.tile);
  if (tile) tile.checked = true;
  tileChanged();
  draw();
  return shots.length > 0;
}

/* ---------- filing ---------- */
function message(id, isFine) {
  const place = form.elements.place.value;
  const here = position || { latitude: null, longitude: null, accuracy: null };
  const said = { client_id: id, at: new Date().toISOString(), place, round: form.elements.round.value, is_fine: isFine, ...here, answers: [], findings: [] };
  if (isFine) return said;
  const tile = form.querySelector("[name=tile]:checked");
  said.findings.push({
    client_id: `${id}.1`,
    tile: tile.value,
    item: tile.dataset.item || null,
    text: form.elements.text.value,
    where: form.elements.where.value,
    photos: shots.map((photo) => photo.id),
  });
  return said;
}

function lacking(isFine) {
  const isPlaced = form.elements.place.value;
  if (isFine) return isPlaced ? "" : "请先选点位，再点合格";
  if (!shots.length) return "请先拍一张照片";
  if (!form.querySelector("[name=tile]:checked")) return "请点一个问题类别";
  return isPlaced || form.elements.where.value.trim() ? "" : "请选点位，或写明在哪里";
}

async function submit(event) {
  event.preventDefault();
  event.stopImmediatePropagation(); // session.js need not ask: nothing leaves the page, the queue asks itself
  const isFine = Boolean(event.submitter && event.submitter.value === "fine");
  const lack = lacking(isFine);
  if (lack) return toast(lack, "warning");
  const id = store.newId();
  const place = current();
  const where = place ? place.name : form.elements.where.value;
  const said = message(id, isFine);
  const title = isFine ? "合格" : said.findings[0].text || said.findings[0].tile;
  const photos = isFine ? [] : shots.map((photo) => ({ ...photo, finding: `${id}.1` }));
  try {
    await store.file({ id, url: "/api/v1/visits", message: said, title, where, photos, draft: isFine ? "" : "home" });
  } catch {
    return toast("手机里存不下了，请清理空间后再交。内容还在本页。", "error");
  }
  if (!isFine) clear();
  toast(`已存：${where} ${title}`);
  window.patrolQueue.wake();
}

function clear() {
  shots = [];
  form.elements.text.value = "";
  for (const tile of form.querySelectorAll("[name=tile]:checked")) tile.checked = false;
  tileChanged();
  draw();
}

/* ---------- beginning ---------- */
function locate() {
  if (!window.isSecureContext || !navigator.geolocation) return;
  const got = ({ coords }) => {
    position = { latitude: coords.latitude, longitude: coords.longitude, accuracy: Math.round(coords.accuracy) };
    const place = current();
    const nearest = pack && nearby()[0];
    const isFixed = shots.length || new URLSearchParams(window.location.search).has("site");
    if (nearest && !isFixed && metres(nearest) < 500) choose(nearest);
    else if (place) find("distance").textContent = far(metres(place));
  };
  navigator.geolocation.getCurrentPosition(got, () => (position = null), { maximumAge: 60000, timeout: 10000 });
}

async function begin() {
  find("file").disabled = true;
  try {
    const answer = await fetch("/patrol/pack", { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (answer.ok) pack = await answer.json();
  } catch {
    toast("没有信号，手机里也没有点位名单。可以拍照并写明位置。", "warning");
  }
  if (pack && pack.user !== store.user) pack = null; // another person's, kept by this phone
  if (pack && !form.elements.place.value) {
    const last = pack.places.find((place) => place.code === localStorage.getItem(LAST));
    if (last) choose(last);
  }
  const isRestored = await restore();
  if (!isRestored && current()) choose(current());
  locate();
  carryRoute();
}

// The checklists of today's route, with their last findings, into the worker's keeping: one after another, behind all else.
async function carryRoute() {
  if (!pack || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.ready;
  for (const path of ["/patrol", "/patrol/records", "/patrol/route", ...pack.route.slice(0, 60).map((row) => `/patrol/new?site=${row.code}`)]) {
    try {
      await fetch(path, { credentials: "same-origin" });
    } catch {
      return;
    }
  }
}

form.addEventListener("submit", submit);
form.addEventListener("change", (event) => {
  if (event.target.name === "tile") tileChanged();
  if (event.target.type !== "file" && shots.length) keepDraft();
});
form.addEventListener("change", picked);
find("drop").addEventListener("click", drop);
find("places").addEventListener("click", (event) => {
  if (!pack || !dialog.showModal) return;
  event.preventDefault();
  search("");
  find("find").value = "";
  dialog.showModal();
});
find("find").addEventListener("input", (event) => search(event.target.value));
document.querySelector("[data-nowhere]").addEventListener("click", () => {
  choose(null);
  dialog.close();
  form.elements.where.focus();
});
begin();
