// What is on this phone: every record with a receipt for each photo, as the server compared it.
const store = window.patrolStore;
const find = (name) => document.querySelector(`[data-${name}]`);
const { receipt } = window.patrolPhoto;

const node = (tag, css, ...inside) => {
  const element = document.createElement(tag);
  if (css) element.className = css;
  element.append(...inside);
  return element;
};
const clock = (moment) => {
  const when = new Date(moment);
  return `${String(when.getHours()).padStart(2, "0")}:${String(when.getMinutes()).padStart(2, "0")}`;
};


// Taken back before it counted: said on the record itself, not by a second line.
const isWithdrawn = (record, records) => records.some((other) => other.about && other.about.withdraws === record.id && other.state !== "refused");

function card(record, photos, records) {
  const got = photos.filter((photo) => photo.state === "received").length;
  const words = record.state === "refused" ? "没收下" : photos.length ? `传了 ${got}/${photos.length}` : record.state === "received" ? "已收到" : "等上传";
  const isDone = record.state === "received" && got === photos.length;
  const state = isWithdrawn(record, records) ? "已撤销" : isDone ? "已收到" : words;
  const head = node("div", "rh", node("div", "grow", node("h3", "", record.title), node("p", "", `${record.where} · ${clock(record.made)}`)), node("span", `pill ${state === "已撤销" ? "" : isDone ? "done" : "soon"}`, state));
  const found = node("article", "card rec", head);
  if (photos.length) found.append(node("div", "rcs", ...photos.map(receipt)));
  const errors = [record.error, ...photos.map((photo) => photo.error)].filter(Boolean);
  for (const error of new Set(errors)) found.append(node("p", "why", error));
  const { page, words: said } = record.about || {};
  if (page && !isDone) found.append(node("p", "fc", said), Object.assign(node("a", "link", "打开这张整改单"), { href: page }));
  return found;
}

function headline(records, photos) {
  const got = photos.filter((photo) => photo.state === "received").length;
  const left = photos.length - got;
  const open = records.filter((record) => record.state !== "received").length;
  if (!left && !open) return [`${records.length} 条、${photos.length} 张照片，服务器都已收到。`, "手机里的留一天，之后自动清掉。"];
  const { go } = find("queue").dataset;
  const first = photos.length ? `${photos.length} 张照片都在手机里，${got} 张已收到，${left} 张${navigator.onLine ? "在传" : "等信号"}。` : `${open} 条记录等${navigator.onLine ? "上传" : "信号"}。`;
  return [first, navigator.onLine ? `传完会打对勾，您可以${go}。` : `有信号后自动补传，您可以${go}。`];
}

async function show() {
  const [records, all] = await Promise.all([store.records(), store.photos()]);
  const photos = all.filter((photo) => photo.state !== "draft");
  const shown = records.filter((record) => !(record.about && record.about.withdraws && record.state !== "refused")).reverse();
  find("nosignal").hidden = navigator.onLine;
  find("queue").hidden = !records.length;
  const [first, second] = headline(records, photos);
  find("headline").textContent = first;
  find("sub").textContent = second;
  find("list").replaceChildren(...shown.map((record) => card(record, photos.filter((photo) => photo.record === record.id), records)));
  // what the phone shows need not be told twice
  for (const article of document.querySelectorAll("[data-visit]")) article.hidden = shown.some((record) => record.id === article.dataset.visit);
}

window.patrolQueue.onChange(show);
window.addEventListener("online", show);
window.addEventListener("offline", show);
find("retry").addEventListener("click", () => window.patrolQueue.retry());
show();
