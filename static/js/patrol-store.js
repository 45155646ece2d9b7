// What an inspector has filed, or a unit answered, kept in the phone's own database until the server has answered for
// every byte of it.
// Loaded before the other patrol-*.js, not imported by them: served names carry a hash that an import would not know.
const STORES = ["records", "photos", "drafts"];
let opened = null;

function open() {
  if (!opened) {
    opened = new Promise((resolve, reject) => {
      const request = indexedDB.open("ccgzt-patrol", 1);
      request.onupgradeneeded = () => STORES.forEach((name) => request.result.createObjectStore(name, { keyPath: "id" }));
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    });
  }
  return opened;
}

// One transaction over all stores: what is filed together is kept together, or not at all.
async function change(work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const all = database.transaction(STORES, "readwrite", { durability: "strict" });
    work(Object.fromEntries(STORES.map((name) => [name, all.objectStore(name)])));
    all.oncomplete = () => resolve();
    all.onabort = all.onerror = () => reject(all.error);
  });
}

async function read(name, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const request = work(database.transaction(name).objectStore(name));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/* ---------- SHA-256 in plain script: crypto.subtle does not exist on plain http ---------- */
const K = new Uint32Array(64);
const START = new Uint32Array(8);
for (let number = 2, found = 0; found < 64; number += 1) {
  let prime = true;
  for (let part = 2; part * part <= number; part += 1) if (number % part === 0) prime = false;
  if (!prime) continue;
  const fraction = (root) => Math.floor((Math.pow(number, root) % 1) * 4294967296);
  if (found < 8) START[found] = fraction(1 / 2);
  K[found] = fraction(1 / 3);
  found += 1;
}

function sha256(bytes) {
  const length = bytes.length;
  const padded = new Uint8Array(((length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(length / 536870912));
  view.setUint32(padded.length - 4, length << 3);
  const state = new Uint32Array(START);
  const w = new Uint32Array(64);
  const turn = (value, by) => (value >>> by) | (value << (32 - by));
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(block + i * 4);
    for (let i = 16; i < 64; i += 1) {
      const a = w[i - 15];
      const b = w[i - 2];
      w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] += value));
  }
  return [...state].map((value) => value.toString(16).padStart(8, "0")).join("");
}

const utf8 = (text) => new TextEncoder().encode(text);

// Made from getRandomValues, because randomUUID is refused on plain http.
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const user = (document.querySelector("[data-sync][data-user]") || { dataset: {} }).dataset.user || "";
const mine = (rows) => rows.filter((row) => row.user === user);

window.patrolStore = {
  user,
  newId,
  sha256,
  hashText: (text) => sha256(utf8(text)),
  records: async () => mine(await read("records", (store) => store.getAll())).sort((a, b) => a.made - b.made),
  photos: async () => mine(await read("photos", (store) => store.getAll())).sort((a, b) => a.made - b.made),
  draft: (key) => read("drafts", (store) => store.get(`${user}:${key}`)),
  // A shot is kept the moment it is taken: a page that dies after it loses nothing.
  keepPhoto: (photo) => change(({ photos }) => photos.put({ ...photo, user, state: "draft", made: Date.now() })),
  dropPhoto: (id) => change(({ photos }) => photos.delete(id)),
  keepDraft: (key, value) => change(({ drafts }) => drafts.put({ id: `${user}:${key}`, user, value })),
  dropDraft: (key) => change(({ drafts }) => drafts.delete(`${user}:${key}`)),
  // The message is fixed as text when it is filed, so that a second sending is the same to the byte. `needs` are the ids
  // that must have arrived before it; `about` says what it is for whoever has to read it again.
  file: ({ id, url, message, title, where, photos = [], draft, needs = [], about = {} }) => {
    const body = JSON.stringify(message);
    const record = { id, user, url, body, sha256: sha256(utf8(body)), title, where, needs, about, state: "waiting", made: Date.now() };
    return change((stores) => {
      stores.records.put(record);
      for (const photo of photos) stores.photos.put({ ...photo, user, record: id, state: "waiting" });
      if (draft) stores.drafts.delete(`${user}:${draft}`);
    });
  },
  // Marks that it goes out; false when it was undone just before.
  leave: async (id) => {
    let isThere = false;
    await change(({ records }) => {
      records.get(id).onsuccess = ({ target: { result } }) => {
        isThere = Boolean(result);
        if (isThere && !result.hasLeft) records.put({ ...result, hasLeft: true });
      };
    });
    return isThere;
  },
  // Takes back what has not gone out yet; false when it has, and the server must be told.
  undo: async (id) => {
    let isUndone = false;
    await change(({ records }) => {
      records.get(id).onsuccess = ({ target: { result } }) => {
        isUndone = Boolean(result) && !result.hasLeft;
        if (isUndone) records.delete(id);
      };
    });
    return isUndone;
  },
  set: (name, row) => change((stores) => stores[name].put(row)),
  remove: (records, photos) => change((stores) => {
    records.forEach((id) => stores.records.delete(id));
    photos.forEach((id) => stores.photos.delete(id));
  }),
};
