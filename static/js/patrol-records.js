// What is on this phone: every record with a receipt for each photo, as the server compared it.
const store = window.patrolStore;
const find = (name) => document.querySelector(`[data-${name}]`);
const icons = document.querySelector("template[data-icons]").content;
const made = new Map();

const node = (tag, css, ...inside) => {
  const element = document.createElement(tag);
  if (css) element.className = css;
  element.append(...inside);
  return element;
};
const icon = (name) => icons.querySelector(`[data-icon="${name}"]`).firstElementChild.cloneNode(true);
const clock = (moment) => {
  const when = new Date(moment);
  return `${String(when.getHours()).padStart(2, "0")}:${String(when.getMinutes()).padStart(2, "0")}`;
};

function receipt(photo) {
  if (photo.state === "received") return ["ok", "ok", "已收到"];
  if (photo.state === "refused") return ["bad", "bad", "没收下"];
  if (photo.share > 0 && photo.share < 1) return ["up", "up", `断在 ${Math.round(photo.share * 100)}%`];
  return ["", "wait", navigator.onLine ? "等上传" : "等信号"];
}

function picture(photo) {
  if (!made.has(photo.id)) made.set(photo.id, URL.createObjectURL(new Blob([photo.bytes], { type: photo.type })));
  const [tone, name, words] = receipt(photo);
  const image = new Image(72, 54);
  image.alt = "";
  image.src = made.get(photo.id);
  const box = node("div", `rc ${tone}`, image, node("p", "", icon(name), words));
  box.dataset.sha256 = photo.sha256;
  if (photo.error) box.title = photo.error;
  return box;
}

function card(record, photos) {
  const got = photos.filter((photo) => photo.state === "received").length;
  const words = record.state === "refused" ? "没收下" : photos.length ? `传了 ${got}/${photos.length}` : record.state === "received" ? "已收到" : "等上传";
  const isDone = record.state === "received" && got === photos.length;
  const head = node("div", "rh", node("div", "grow", node("h3", "", record.title), node("p", "", `${record.where} · ${clock(record.made)}`)), node("span", `pill ${isDone ? "done" : "soon"}`, isDone ? "已收到" : words));
  const found = node("article", "card rec", head);
  if (photos.length) found.append(node("div", "rcs", ...photos.map(picture)));
  const errors = [record.error, ...photos.map((photo) => photo.error)].filter(Boolean);
  for (const error of new Set(errors)) found.append(node("p", "why", error));
  return found;
}

function headline(records, photos) {
  const got = photos.filter((photo) => photo.state === "received").length;
  const left = photos.length - got;
  const open = records.filter((record) => record.state !== "received").length;
  if (!left && !open) return [`${records.length} 条、${photos.length} 张照片，服务器都已收到。`, "手机里的留一天，之后自动清掉。"];
  const first = photos.length ? `${photos.length} 张照片都在手机里，${got} 张已收到，${left} 张${navigator.onLine ? "在传" : "等信号"}。` : `${open} 条记录等${navigator.onLine ? "上传" : "信号"}。`;
  return [first, navigator.onLine ? "传完会打对勾，您可以接着巡查。" : "有信号后自动补传，您可以接着巡查。"];
}

async function show() {
  const [records, all] = await Promise.all([store.records(), store.photos()]);
  const photos = all.filter((photo) => photo.state !== "draft");
  find("nosignal").hidden = navigator.onLine;
  find("queue").hidden = !records.length;
  const [first, second] = headline(records, photos);
  find("headline").textContent = first;
  find("sub").textContent = second;
  find("list").replaceChildren(...records.reverse().map((record) => card(record, photos.filter((photo) => photo.record === record.id))));
  // what the phone shows need not be told twice
  for (const article of document.querySelectorAll("[data-visit]")) article.hidden = records.some((record) => record.id === article.dataset.visit);
}

window.patrolQueue.onChange(show);
window.addEventListener("online", show);
window.addEventListener("offline", show);
find("retry").addEventListener("click", () => window.patrolQueue.retry());
show();
