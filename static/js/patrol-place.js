// Where one stands: the phone's own list of places, the nearest one guessed, another one chosen; and what belongs to the
// place (tiles, limit, who gets it). Loaded before patrol-home.js, not imported by it, as all patrol-*.js.
const store = window.patrolStore;
const form = document.querySelector("[data-patrol]");
const find = (name) => document.querySelector(`[data-${name}]`);
const dialog = document.getElementById("places");
const LAST = `patrol:place:${store.user}`;
const CARRIED_FINDINGS = 40;
const listeners = [];
let pack = null;
let position = null;

const toast = (text, level = "success") => document.dispatchEvent(new CustomEvent("toast", { detail: { text, level } }));
const current = () => (pack ? pack.places.find((place) => place.code === form.elements.place.value) : null);

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
  listeners.forEach((listen) => listen());
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
}

/* ---------- another place ---------- */
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

/* ---------- beginning ---------- */
function locate(isFixed) {
  if (!window.isSecureContext || !navigator.geolocation) return;
  const got = ({ coords }) => {
    position = { latitude: coords.latitude, longitude: coords.longitude, accuracy: Math.round(coords.accuracy) };
    const place = current();
    const nearest = pack && nearby()[0];
    if (nearest && !isFixed() && metres(nearest) < 500) choose(nearest);
    else if (place) find("distance").textContent = far(metres(place));
  };
  navigator.geolocation.getCurrentPosition(got, () => (position = null), { maximumAge: 60000, timeout: 10000 });
}

async function load() {
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
}

// The checklists of today's route with their last findings, and what is to be re-checked with its pictures, into the
// phone's keeping: one after another, behind all else.
async function carry() {
  if (!pack || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.ready;
  // on the very first visit the worker takes the page over a moment later; before that it keeps nothing
  if (!navigator.serviceWorker.controller) await new Promise((taken) => navigator.serviceWorker.addEventListener("controllerchange", taken, { once: true }));
  const looks = pack.rechecks.slice(0, CARRIED_FINDINGS).map((code) => `/patrol/rechecks/${code}`);
  const lists = pack.route.slice(0, 60).map((row) => `/patrol/new?site=${row.code}`);
  for (const path of ["/patrol", "/patrol/records", "/patrol/route", "/patrol/rechecks", ...lists, ...looks]) {
    try {
      const answer = await fetch(path, { credentials: "same-origin" });
      if (!looks.includes(path)) continue;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const image of page.querySelectorAll(".was img")) await fetch(image.getAttribute("src"), { credentials: "same-origin" });
    } catch {
      return;
    }
  }
}

find("places").addEventListener("click", (event) => {
  if (!pack || !dialog.showModal) return;
  event.preventDefault();
  search("");
  find("find").value = "";
  dialog.showModal();
});
find("find").addEventListener("input", (event) => search(event.target.value));
find("nowhere").addEventListener("click", () => {
  choose(null);
  dialog.close();
  form.elements.where.focus();
});

window.patrolPlace = {
  load,
  locate,
  carry,
  choose,
  current,
  get person() {
    return pack ? pack.name : "";
  },
  get position() {
    return position;
  },
  known: (code) => (pack ? pack.places.find((place) => place.code === code) : null),
  isLoaded: () => Boolean(pack),
  onChange: (listen) => listeners.push(listen),
};
