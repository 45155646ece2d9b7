// The liaison's card. Works without this file; with it: stepper, canned words, pictures down-sized before they travel,
// a draft on the phone at once and on the server every few seconds, and a report without signal that sends itself.
const { keep, all, drop } = window.reportOutbox;

const EDGE = 1600;
const QUALITY = 0.8;
const forms = [...document.querySelectorAll("form[data-report]")];
const sync = document.querySelector("[data-sync]");
const say = (text) => {
  if (!sync) return;
  sync.hidden = !text;
  sync.querySelector("[data-sync-text]").textContent = text;
};
const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
const saidIn = (form, text) => (form.querySelector("[data-saved-text]").textContent = text);
const keyOf = (form) => `report:${form.dataset.user}:${form.dataset.milestone}`;

/* ---------- the stepper and its meter ---------- */
function stepper(form) {
  const input = form.elements.quantity;
  if (!input) return;
  const before = Number(input.dataset.before);
  const goal = Number(input.dataset.goal);
  const plus = form.querySelector("[data-plus]");
  const meter = form.querySelector(".meter.wide");
  const gain = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  gain.setAttribute("class", "plus");
  gain.setAttribute("height", "4");
  if (meter) meter.append(gain);
  const show = () => {
    const step = Math.round((Number(input.value) - before) * 100) / 100;
    plus.textContent = step ? `本次 ${step > 0 ? "+" : ""}${step}` : "";
    const share = (value) => Math.max(0, Math.min(100, (value / goal) * 100));
    gain.setAttribute("x", share(Math.min(before, Number(input.value))));
    gain.setAttribute("width", step > 0 ? share(Number(input.value)) - share(before) : 0);
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const next = Math.round(((Number(input.value) || 0) + Number(button.dataset.step)) * 100) / 100;
    input.value = Math.max(0, next);
    show();
    touched(form);
  });
  input.addEventListener("input", show);
  show();
}

/* ---------- canned words go into 进展情况 ---------- */
function sayings(form) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-say]");
    if (!button) return;
    const field = form.elements.progress;
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    button.classList.toggle("on", on);
    const lines = field.value.split("\n").filter((line) => line && line !== button.dataset.say);
    if (on) lines.unshift(button.dataset.say);
    field.value = lines.join("\n");
    touched(form);
  });
}

/* ---------- pictures ---------- */
const pictures = new WeakMap();

// EXIF is lost when a picture is drawn anew: the day it was taken travels as a field of its own.
// A clock that runs ahead of the campaign's day is not believed.
async function takenOn(file, today) {
  const bytes = new DataView(await file.slice(0, 131072).arrayBuffer());
  if (bytes.byteLength < 4 || bytes.getUint16(0) !== 0xffd8) return "";
  const text = new TextDecoder("latin1").decode(bytes.buffer);
  const found = text.match(/(20\d\d):(\d\d):(\d\d) \d\d:\d\d:\d\d/);
  const day = found ? `${found[1]}-${found[2]}-${found[3]}` : "";
  return day <= today ? day : "";
}

async function smaller(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 600000) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }) : file;
  } catch {
    return file; // a picture this browser cannot draw goes as it is; the server looks at it
  }
}

function photos(form) {
  const box = form.querySelector("[data-photos]");
  const fields = form.querySelector("template[data-file-fields]");
  const rows = [];
  pictures.set(form, rows);
  box.addEventListener("change", async (event) => {
    const input = event.target.closest("[data-pick]");
    if (!input || !input.files.length) return;
    for (const file of [...input.files]) {
      const day = await takenOn(file, fields.content.querySelector("[name=about_on]").max);
      add(await smaller(file), { about_on: day });
    }
    input.value = ""; // armed again for the next shot
    touched(form);
  });
  function add(file, values) {
    const row = { file, values: { shows: "", about_on: "", requirement: "", ...values } };
    const panel = fields.content.firstElementChild.cloneNode(true);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ph";
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-label", `${file.name}，填写说明`);
    if (file.type.startsWith("image/")) {
      const image = new Image();
      image.alt = "";
      image.src = URL.createObjectURL(file);
      button.append(image);
    } else button.textContent = file.name.slice(0, 12);
    panel.hidden = true;
    for (const field of panel.querySelectorAll("[name]")) {
      const name = field.name;
      field.value = row.values[name] || "";
      field.removeAttribute("name"); // it travels with its file, in the same order
      field.addEventListener("input", () => {
        row.values[name] = field.value;
        touched(form);
      });
    }
    button.addEventListener("click", () => {
      panel.hidden = !panel.hidden;
      button.setAttribute("aria-pressed", String(!panel.hidden));
    });
    panel.querySelector("[data-drop]").addEventListener("click", () => {
      rows.splice(rows.indexOf(row), 1);
      button.remove();
      panel.remove();
      touched(form);
    });
    rows.push(row);
    box.append(button, panel);
  }
  form.addPicture = add;
}

/* ---------- drafts: on the phone at once, on the server every five seconds ---------- */
const NAMES = ["quantity", "numerator", "denominator", "progress", "problems", "measures"];
const typedIn = (form) => Object.fromEntries(NAMES.filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value]));
const timers = new WeakMap();

function touched(form) {
  form.dataset.dirty = "1";
  try {
    localStorage.setItem(keyOf(form), JSON.stringify(typedIn(form)));
    saidIn(form, `草稿已存在本机 ${clock()}`);
  } catch {
    saidIn(form, "本机存不下草稿，联网时存到服务器");
  }
  if (!timers.get(form)) timers.set(form, setTimeout(() => saveDraft(form), 5000));
}

async function saveDraft(form) {
  timers.delete(form);
  if (!navigator.onLine || form.dataset.sent) return;
  const body = new FormData();
  body.set("milestone", form.dataset.milestone);
  body.set("data", JSON.stringify(typedIn(form)));
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  try {
    const answer = await fetch(`/tasks/${form.dataset.code}/draft`, { method: "POST", body, credentials: "same-origin" });
    if (answer.ok && !answer.redirected) saidIn(form, `草稿已存到服务器 ${(await answer.json()).saved}`);
  } catch {
    saidIn(form, `草稿已存在本机 ${clock()}，联网后再存到服务器`);
  }
}

function restore(form) {
  const server = form.dataset.draft ? JSON.parse(form.dataset.draft) : null;
  let local = null;
  try {
    local = JSON.parse(localStorage.getItem(keyOf(form)));
  } catch {
    local = null; // an unreadable copy on the phone: the server's stands
  }
  const found = local || server;
  if (!found || document.querySelector(".error-summary")) return;
  for (const [name, value] of Object.entries(found)) if (form.elements[name] && value !== "") form.elements[name].value = value;
  if (NAMES.slice(3).some((name) => found[name])) form.querySelector("details.words").open = true;
  if (form.elements.quantity) form.elements.quantity.dispatchEvent(new Event("input"));
}

/* ---------- sending ---------- */
function bodyOf(form, submitter) {
  const body = new FormData(form);
  body.delete("file");
  if (submitter && submitter.name) body.set(submitter.name, submitter.value);
  for (const row of pictures.get(form)) {
    body.append("file", row.file, row.file.name);
    for (const name of ["shows", "about_on", "requirement"]) body.append(name, row.values[name] || "");
    body.append("document_number", "");
  }
  return body;
}

// An XMLHttpRequest because fetch tells no progress of what goes up.
function post(url, body, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    if (onProgress) request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => resolve(request);
    request.onerror = request.ontimeout = () => reject(new Error("offline"));
    request.send(body);
  });
}

function done(form) {
  form.dataset.sent = "1";
  clearTimeout(timers.get(form));
  localStorage.removeItem(keyOf(form));
}

async function send(form, submitter) {
  const button = form.querySelector(".main-button");
  const words = button.textContent;
  button.disabled = true;
  const body = bodyOf(form, submitter);
  try {
    const answer = await post(form.action, body, (share) => (button.textContent = share < 1 ? `正在上传 ${Math.round(share * 100)}%` : "正在保存"));
    if (answer.status === 200 && (answer.getResponseHeader("Content-Type") || "").includes("json")) {
      done(form);
      window.location.href = "/my";
      return;
    }
    refuse(form, answer);
  } catch {
    await keep({ key: form.elements.token.value, url: form.action, title: form.closest("article").querySelector("h2").textContent, fields: [...body.entries()] });
    done(form);
    saidIn(form, "没有信号。已存在手机里，联网后自动提交");
    count();
    return;
  }
  button.disabled = false;
  button.textContent = words;
}

function refuse(form, answer) {
  let lines = ["没有提交成功，请稍后再试。您填写的都还在。"];
  if (answer.status === 422) lines = JSON.parse(answer.responseText).problems.map((problem) => problem.message);
  if (answer.status === 409) {
    const { problems, current } = JSON.parse(answer.responseText);
    lines = problems.map((problem) => problem.message);
    if (current) {
      form.elements.version.value = current.version;
      lines.push(...current.lines);
    }
  }
  let box = form.querySelector(".error-summary");
  if (!box) {
    box = document.createElement("div");
    box.className = "error-summary";
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    form.prepend(box);
  }
  box.replaceChildren(...["没有提交", ...lines].map((line, at) => Object.assign(document.createElement(at ? "p" : "h2"), { textContent: line })));
  box.focus();
}

/* ---------- what waits on the phone ---------- */
async function count() {
  const waiting = await all();
  say(waiting.length ? `手机里有 ${waiting.length} 条没提交，联网后自动提交` : "");
}

async function flush() {
  for (const item of await all()) {
    const body = new FormData();
    for (const [name, value] of item.fields) {
      if (name === "csrfmiddlewaretoken") continue;
      if (value instanceof Blob) body.append(name, value, value.name || "照片.jpg");
      else body.append(name, value);
    }
    const fresh = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (fresh) body.set("csrfmiddlewaretoken", fresh.value);
    try {
      const answer = await post(item.url, body);
      if (answer.status === 200 && (answer.getResponseHeader("Content-Type") || "").includes("json")) await drop(item.key);
      else if (answer.status === 422 || answer.status === 409) {
        say(`“${item.title}”没有提交成功：${JSON.parse(answer.responseText).problems.map((problem) => problem.message).join("；")}`);
        return;
      } else return;
    } catch {
      return;
    }
  }
  count();
}

for (const form of forms) {
  stepper(form);
  sayings(form);
  photos(form);
  restore(form);
  form.addEventListener("input", () => touched(form));
  // session.js looks first whether the login still lives and then submits once more
  form.addEventListener("submit", (event) => {
    if (!form.dataset.sessionChecked && document.getElementById("session-dialog")) return;
    event.preventDefault();
    send(form, event.submitter);
  });
}
window.addEventListener("online", flush);
count();
if (navigator.onLine) flush();
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();
