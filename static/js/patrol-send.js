// Sends what waits on the phone, one thing after another, until each has a receipt with the right hash. Starts by itself
// when a page opens, when a signal comes back, and again after a pause that grows. The server takes each thing once,
// however often it arrives, so that a broken line is only ever tried again.
const store = window.patrolStore;
const strip = document.querySelector("[data-sync][data-user]");
const listeners = [];
const PAUSES = [1, 2, 4, 8, 15, 30, 60];
const KEEP_HOURS = 24;
let tries = 0;
let timer = 0;
let busy = false;
let trouble = "";
let done = 0;
let total = 0;

const tell = () => Promise.all(listeners.map((listen) => listen()));

function headers(token) {
  return { Accept: "application/json", "X-CSRFToken": token, "X-Phone-Now": new Date().toISOString(), "X-Recorded-By": store.user };
}

// XMLHttpRequest, because fetch tells no progress of what goes up. Resolves {status, data}; rejects without a whole answer.
function post(url, body, token, type, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.timeout = 60000;
    for (const [name, value] of Object.entries(headers(token))) request.setRequestHeader(name, value);
    if (type) request.setRequestHeader("Content-Type", type);
    if (onProgress) request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      try {
        resolve({ status: request.status, data: JSON.parse(request.responseText) });
      } catch {
        reject(new Error("cut"));
      }
    };
    request.onerror = request.ontimeout = request.onabort = () => reject(new Error("cut"));
    request.send(body);
  });
}

async function token() {
  const answer = await fetch("/session", { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
  if (answer.status === 401) return "";
  if (!answer.ok) throw new Error("cut");
  return (await answer.json()).csrf;
}

const isReceipt = (data, row) => data.receipt && data.receipt.client_id === row.id && data.receipt.sha256 === row.sha256;
const isFinal = (status) => [400, 403, 404, 409, 413, 415, 422].includes(status);

// Gives true when the row is settled (received or refused), throws when it must be tried again.
async function settle(name, row, { status, data }) {
  if (status === 401) throw new Error("login");
  if ((status === 200 || status === 201) && isReceipt(data, row)) {
    const more = data.findings ? { findings: data.findings } : {};
    await store.set(name, { ...row, ...more, state: "received", received: Date.now(), error: "" });
    return;
  }
  if (!isFinal(status)) throw new Error("cut");
  const error = (data.problems || []).map((problem) => `${problem.message}${problem.mend || ""}`).join("；");
  await store.set(name, { ...row, state: "refused", error: error || `没有收下（${status}）` });
}

async function sendRecord(record, csrf) {
  if (!(await store.leave(record.id))) return;
  await settle("records", { ...record, hasLeft: true }, await post(record.url, record.body, csrf, "application/json"));
}

// What rests on something else goes after it: an answer after its photos, a withdrawal after what it takes back.
async function sendResting(record, csrf) {
  const rows = [...(await store.records()), ...(await store.photos())].filter((row) => record.needs.includes(row.id));
  const refused = rows.find((row) => row.state === "refused");
  if (refused) return store.set("records", { ...record, state: "refused", error: refused.error });
  if (rows.some((row) => row.state !== "received")) throw new Error("cut");
  return sendRecord(record, csrf);
}

async function sendPhoto(photo, csrf) {
  const body = new FormData();
  body.set("client_id", photo.id);
  body.set("visit", photo.record);
  for (const name of ["finding", "moment", "taken_at", "latitude", "longitude"]) {
    if (photo[name] !== null && photo[name] !== undefined && photo[name] !== "") body.set(name, photo[name]);
  }
  body.set("file", new Blob([photo.bytes], { type: photo.type }), photo.name);
  let share = 0;
  const progress = (value) => {
    share = value;
    paint({ share });
  };
  try {
    await settle("photos", photo, await post("/api/v1/photos", body, csrf, "", progress));
  } catch (error) {
    await store.set("photos", { ...photo, share });
    throw error;
  }
}

async function sendAll() {
  const [records, photos] = await Promise.all([store.records(), store.photos()]);
  const open = records.filter((row) => row.state === "waiting");
  const isResting = (row) => Boolean(row.needs && row.needs.length);
  const waiting = [
    ...open.filter((row) => !isResting(row)).map((row) => [sendRecord, row]),
    ...photos.filter((row) => row.state === "waiting").map((row) => [sendPhoto, row]),
    ...open.filter(isResting).map((row) => [sendResting, row]),
  ];
  total = waiting.length;
  done = 0;
  if (!total) return true;
  const csrf = await token();
  if (!csrf) throw new Error("login");
  let whole = true;
  for (const [send, row] of waiting) {
    await paint({});
    try {
      await send(row, csrf);
      done += 1;
      tries = 0;
    } catch (error) {
      if (error.message === "login") throw error;
      whole = false; // the next thing may pass where this one was cut
      if (!navigator.onLine) break;
    }
    await tell();
  }
  return whole;
}

async function run() {
  if (busy || !store.user) return;
  busy = true;
  clearTimeout(timer);
  trouble = "";
  let whole = false;
  try {
    whole = navigator.onLine ? await sendAll() : false;
  } catch (error) {
    trouble = error.message === "login" ? "login" : "";
  }
  busy = false;
  total = 0;
  await paint({});
  await tell();
  if (!whole && trouble !== "login") again();
}

// A tab that holds the lock sends; another one waits for it instead of sending everything a second time.
function wake() {
  if (navigator.locks) return navigator.locks.request("patrol-send", { ifAvailable: true }, (lock) => (lock ? run() : again()));
  return run();
}

function again() {
  clearTimeout(timer);
  timer = setTimeout(wake, PAUSES[Math.min(tries, PAUSES.length - 1)] * 1000 * (0.8 + Math.random() * 0.4));
  tries += 1;
}

/* ---------- the strip ---------- */
function words(records, photos) {
  const left = records.filter((row) => row.state === "waiting").length;
  const pictures = photos.filter((row) => row.state === "waiting").length;
  const refused = [...records, ...photos].filter((row) => row.state === "refused").length;
  if (trouble === "login" && (left || pictures)) return ["off", `登录已过期，已存 ${left || 1} 条，登录后自动补传`];
  if (!left && !pictures && refused) return ["off", `有 ${refused} 样没被收下，请点开看原因`];
  if (!left && !pictures) {
    const got = records.filter((row) => row.state === "received").length;
    return got ? ["", `${got} 条都已上传，服务器已收到`] : ["", ""];
  }
  const kept = records.filter((row) => row.state !== "received" || photos.some((photo) => photo.record === row.id && photo.state === "waiting")).length;
  const safe = `已存 ${kept} 条${pictures ? `、${pictures} 张照片` : ""}`;
  if (!navigator.onLine) return ["off", `没有信号。${safe}`];
  return ["", busy && total ? `已存 ${kept} 条，正在上传 ${Math.min(done + 1, total)}/${total}` : `${safe}，稍后自动再传`];
}

async function paint({ share = 0 }) {
  if (!strip) return;
  const [tone, text] = words(await store.records(), await store.photos());
  strip.hidden = !text;
  strip.className = `sync ${tone}`;
  const line = strip.querySelector("[data-sync-text]");
  if (line.textContent !== text) line.textContent = text;
  strip.querySelector(".meter rect").setAttribute("width", busy && total ? Math.round(((done + share) / total) * 100) : 0);
}

async function tidy() {
  const [records, photos] = await Promise.all([store.records(), store.photos()]);
  const old = Date.now() - KEEP_HOURS * 3600 * 1000;
  const open = new Set(photos.filter((row) => row.state !== "received").map((row) => row.record));
  const gone = records.filter((row) => row.state === "received" && row.received < old && !open.has(row.id)).map((row) => row.id);
  await store.remove(gone, photos.filter((row) => gone.includes(row.record)).map((row) => row.id));
}

window.patrolQueue = {
  wake: () => {
    tries = 0;
    return wake();
  },
  onChange: (listen) => listeners.push(listen),
  async retry() {
    for (const [name, rows] of [["records", await store.records()], ["photos", await store.photos()]]) {
      for (const row of rows.filter((found) => found.state === "refused")) await store.set(name, { ...row, state: "waiting", error: "" });
    }
    return window.patrolQueue.wake();
  },
};

if (strip && window.indexedDB) {
  window.addEventListener("online", () => window.patrolQueue.wake());
  window.addEventListener("offline", () => paint({}).then(tell));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && window.patrolQueue.wake());
  tidy().then(() => paint({})).then(wake);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
}
const plain = document.querySelector("[data-plain-http]");
if (plain && !window.isSecureContext) plain.hidden = false;
if (strip && "serviceWorker" in navigator) {
  for (const scope of strip.dataset.scopes.split(" ")) navigator.serviceWorker.register("/patrol/worker.js", { scope });
}
