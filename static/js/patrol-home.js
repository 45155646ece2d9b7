// Shoot first, tile, submit. The form works without this file; with it everything is kept on the phone and sent behind.
const store = window.patrolStore;
const { ready, url } = window.patrolPhoto;
const here = window.patrolPlace;
const form = document.querySelector("[data-patrol]");
const find = (name) => document.querySelector(`[data-${name}]`);
const MOST_PHOTOS = 11;
let shots = [];
let shown = 0;
let mended = null; // 立行立改: the picture of it put right while one stood there

const toast = (text, level = "success", undo = null) =>
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, level, undo } }));

/* ---------- the photos ---------- */
const two = (number) => String(number).padStart(2, "0");

function stamp() {
  const place = here.current();
  const first = shots[shown];
  const when = first ? new Date(first.taken_at) : null;
  const moment = when ? `${when.getMonth() + 1}月${when.getDate()}日 ${two(when.getHours())}:${two(when.getMinutes())}` : "";
  const where = place ? place.name : form.elements.where.value || "未选点位";
  find("stamp").textContent = [`${moment} · ${where}`, [place && place.street, here.person].filter(Boolean).join(" · ")].join("\n");
}

async function taken(file, moment) {
  const photo = await ready(file, { moment, ...(here.position || {}) });
  await store.keepPhoto(photo);
  return photo;
}

async function picked(event) {
  const input = event.target.closest("[data-pick],[data-pick-after]");
  if (!input || !input.files.length) return undefined;
  const files = [...input.files];
  input.value = ""; // armed again for the next shot
  if (input.matches("[data-pick-after]")) {
    mended = await taken(files[0], "after");
  } else {
    for (const file of files) {
      if (shots.length >= MOST_PHOTOS) return toast(`一个问题最多 ${MOST_PHOTOS} 张照片`, "warning");
      shots.push(await taken(file, "before"));
      shown = shots.length - 1;
    }
  }
  await keepDraft();
  return draw();
}

async function drop() {
  const [gone] = shots.splice(shown, 1);
  shown = Math.max(0, shots.length - 1);
  await store.dropPhoto(gone.id);
  await keepDraft();
  draw();
}

async function dropAfter() {
  await store.dropPhoto(mended.id);
  mended = null;
  await keepDraft();
  draw();
}

function draw() {
  const isMended = Boolean(mended && shots.length);
  find("shot").hidden = !shots.length;
  find("shot").classList.toggle("is-mended", isMended);
  for (const input of form.querySelectorAll(".ring input,.album input")) input.disabled = Boolean(shots.length);
  find("file").disabled = !shots.length;
  find("after").hidden = !isMended;
  find("assigned").hidden = isMended;
  find("limit-words").hidden = isMended;
  find("mended-by").hidden = !isMended;
  if (isMended) find("after-shown").src = url(mended);
  if (!shots.length) return;
  find("shown").src = url(shots[shown]);
  stamp();
  find("count").textContent = `${shots.length} 张`;
  drawMore();
}

// The other pictures, small: tapped, one stands large and can be taken out.
function drawMore() {
  const more = find("more");
  for (const button of more.querySelectorAll("button")) button.remove();
  const others = shots.map((photo, at) => at).filter((at) => at !== shown).slice(-2);
  more.prepend(
    ...others.map((at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", `看第 ${at + 1} 张`);
      const image = new Image();
      image.alt = "";
      image.src = url(shots[at]);
      button.append(image);
      button.addEventListener("click", () => {
        shown = at;
        draw();
      });
      return button;
    }));
}

function tileChanged() {
  const tile = form.querySelector("[name=tile]:checked") || form.querySelector("[name=tile]");
  if (tile) find("limit-words").textContent = tile.dataset.limit;
}

/* ---------- the draft: a killed page finds its photos again ---------- */
const keepDraft = () => store.keepDraft("home", {
  shots: shots.map((photo) => photo.id),
  mended: mended ? mended.id : "",
  place: form.elements.place.value,
  where: form.elements.where.value,
  tile: (form.querySelector("[name=tile]:checked") || {}).value || "",
  text: form.elements.text.value,
  by: form.elements.mended_by.value,
});

async function restore() {
  const kept = await store.draft("home");
  if (!kept) return false;
  const photos = (await store.photos()).filter((photo) => photo.state === "draft");
  shots = kept.value.shots.map((id) => photos.find((photo) => photo.id === id)).filter(Boolean);
  mended = photos.find((photo) => photo.id === kept.value.mended) || null;
  if (here.isLoaded() && shots.length) here.choose(here.known(kept.value.place), { where: kept.value.where });
  form.elements.text.value = kept.value.text;
  form.elements.mended_by.value = kept.value.by || "";
  const tile = [...form.querySelectorAll("[name=tile]")].find((input) => input.value === kept.value.tile);
  if (tile) tile.checked = true;
  tileChanged();
  draw();
  return shots.length > 0;
}

/* ---------- filing ---------- */
function message(id, isFine) {
  const place = form.elements.place.value;
  const spot = here.position || { latitude: null, longitude: null, accuracy: null };
  const said = { client_id: id, at: new Date().toISOString(), place, round: form.elements.round.value, is_fine: isFine, ...spot, answers: [], findings: [] };
  if (isFine) return said;
  const tile = form.querySelector("[name=tile]:checked");
  said.findings.push({
    client_id: `${id}.1`,
    tile: tile.value,
    item: tile.dataset.item || null,
    text: form.elements.text.value,
    where: form.elements.where.value,
    photos: [...shots, mended].filter(Boolean).map((photo) => photo.id),
    is_on_spot: Boolean(mended),
    mended_by: mended ? form.elements.mended_by.value : "",
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
  const place = here.current();
  const where = place ? place.name : form.elements.where.value;
  const said = message(id, isFine);
  const words = isFine ? "合格" : said.findings[0].text || said.findings[0].tile;
  const title = mended && !isFine ? `${words}（立行立改）` : words;
  const photos = isFine ? [] : [...shots, mended].filter(Boolean).map((photo) => ({ ...photo, finding: `${id}.1` }));
  try {
    await store.file({ id, url: "/api/v1/visits", message: said, title, where, photos, draft: isFine ? "" : "home" });
  } catch {
    return toast("手机里存不下了，请清理空间后再交。内容还在本页。", "error");
  }
  if (!isFine) clear();
  toast(`已存：${where} ${title}`, "success", isFine ? () => takeBack(id, where) : null);
  return window.patrolQueue.wake();
}

// A 合格 tapped by mistake: what has not left yet never was; for the rest the server is told, and keeps both.
async function takeBack(visit, where) {
  if (!(await store.undo(visit))) {
    const id = store.newId();
    const message = { client_id: id, visit, at: new Date().toISOString() };
    await store.file({ id, url: "/api/v1/withdrawals", message, title: "撤销合格", where, needs: [visit], about: { withdraws: visit } });
  }
  toast(`已撤销：${where} 合格`);
  return window.patrolQueue.wake();
}

function clear() {
  shots = [];
  mended = null;
  form.elements.text.value = "";
  form.elements.mended_by.value = "";
  for (const tile of form.querySelectorAll("[name=tile]:checked")) tile.checked = false;
  tileChanged();
  draw();
}

async function begin() {
  find("file").disabled = true;
  here.onChange(() => {
    stamp();
    tileChanged();
  });
  await here.load();
  const isRestored = await restore();
  if (!isRestored && here.current()) here.choose(here.current());
  here.locate(() => shots.length > 0 || new URLSearchParams(window.location.search).has("site"));
  here.carry();
}

form.addEventListener("submit", submit);
form.addEventListener("change", (event) => {
  if (event.target.name === "tile") tileChanged();
  if (event.target.type !== "file" && shots.length) keepDraft();
});
form.addEventListener("change", picked);
find("drop").addEventListener("click", drop);
find("drop-after").addEventListener("click", dropAfter);
begin();
