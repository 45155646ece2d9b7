// The ledger: peek beside the table, ticked rows and their bar, copying rows as a table, columns up and down,
// the second step of a filter in its menu. Everything has a real link or form behind it.
const main = () => document.getElementById("main");
const peek = () => document.getElementById("peek");
const boxes = () => [...document.querySelectorAll('input[name="codes"][form="pick"]')];
const isNarrow = () => window.matchMedia("(max-width: 760px)").matches;
const say = (text, level = "success") => document.dispatchEvent(new CustomEvent("toast", { detail: { text, level } }));

// --- peek ---------------------------------------------------------------------------------------
let asked = "";

async function openPeek(link) {
  const url = link.dataset.peek;
  if (!peek() || asked === url) return;
  asked = url;
  const answer = await fetch(url, { credentials: "same-origin", headers: { "HX-Request": "true" } });
  if (asked !== url) return;
  if (!answer.ok) {
    asked = "";
    window.location.assign(link.href);
    return;
  }
  peek().innerHTML = await answer.text();
  peek().hidden = false;
  main().classList.add("peeking");
  mark(link.closest("tr"));
}

function closePeek() {
  if (!peek() || peek().hidden) return false;
  peek().hidden = true;
  peek().replaceChildren();
  main().classList.remove("peeking");
  asked = "";
  const link = document.querySelector("tr.cur a[data-peek]");
  if (link) link.focus();
  return true;
}

function mark(row) {
  for (const other of document.querySelectorAll("tr.cur")) if (other !== row) other.classList.remove("cur");
  if (row) row.classList.add("cur");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-peek]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0 && !isNarrow()) {
    event.preventDefault();
    if (!peek().hidden && asked === link.dataset.peek) window.location.assign(link.href);
    else openPeek(link);
  }
  if (event.target.closest("[data-unpeek]")) closePeek();
});

document.addEventListener("row:current", (event) => {
  const link = event.target.querySelector("a[data-peek]");
  if (link && peek() && !peek().hidden) openPeek(link);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || document.querySelector("dialog[open],details.menu[open]")) return;
  if (!closePeek() && picked().length) unpick();
});

// --- ticked rows --------------------------------------------------------------------------------
const picked = () => boxes().filter((box) => box.checked);

function showPicked() {
  const bar = document.getElementById("bulk");
  if (!bar) return;
  const rows = picked();
  for (const box of boxes()) box.closest("tr").classList.toggle("sel", box.checked);
  const units = new Set(rows.map((box) => box.closest("tr").dataset.unit).filter(Boolean));
  bar.hidden = rows.length === 0;
  bar.querySelector("[data-picked]").textContent = `已选 ${rows.length} 项`;
  bar.querySelector("[data-picked-units]").textContent = units.size ? `${units.size} 个单位` : "";
  const all = document.querySelector("input[data-all]");
  if (all) {
    all.checked = rows.length > 0 && rows.length === boxes().length;
    all.indeterminate = rows.length > 0 && !all.checked;
  }
}

function unpick() {
  for (const box of boxes()) box.checked = false;
  showPicked();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("input[data-all]")) for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.matches('input[name="codes"],input[data-all]')) showPicked();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-unpick]")) unpick();
  if (event.target.closest("[data-copy-rows]")) copyRows();
  const mover = event.target.closest("[data-move]");
  if (mover) moveColumn(mover);
});

// --- copy as a table: tab-separated for any program, as a table for WPS and Excel ------------------
async function copyRows() {
  const codes = picked().map((box) => box.value);
  const answer = await fetch(`/tasks/export?format=tsv&f.code=${codes.join(",")}`, { credentials: "same-origin" });
  if (!answer.ok) return say("没有复制成，请再试一次。", "error");
  const text = await answer.text();
  try {
    await put(text);
    say(`已复制 ${codes.length} 项，可以粘贴到表格里`);
  } catch {
    say("浏览器不让复制，请用“导出”。", "error");
  }
}

function put(text) {
  const holder = document.createElement("textarea");
  holder.value = text;
  holder.className = "sr";
  document.body.append(holder);
  holder.select();
  const onCopy = (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
    event.clipboardData.setData("text/html", asTable(text));
  };
  document.addEventListener("copy", onCopy, { once: true });
  const isDone = document.execCommand("copy");
  holder.remove();
  document.removeEventListener("copy", onCopy);
  return isDone ? Promise.resolve() : Promise.reject(new Error("copy refused"));
}

function asTable(text) {
  const table = document.createElement("table");
  for (const line of text.split("\n").filter(Boolean)) {
    const row = table.insertRow();
    for (const cell of line.split("\t")) row.insertCell().textContent = cell;
  }
  return table.outerHTML;
}

// --- columns: up and down by buttons, so that nothing needs dragging ---------------------------------
function moveColumn(button) {
  const line = button.closest(".col-line");
  const other = button.dataset.move === "1" ? line.nextElementSibling : line.previousElementSibling;
  if (!other || !other.classList.contains("col-line")) return;
  if (button.dataset.move === "1") other.after(line);
  else other.before(line);
  button.focus();
}

// --- a filter's values open in the menu --------------------------------------------------------------
document.addEventListener("click", async (event) => {
  const step = event.target.closest("a[data-step]");
  if (!step || event.ctrlKey || event.metaKey) return;
  const menu = document.getElementById("add-filter");
  const list = menu && menu.querySelector("[data-steps]");
  if (!list || !window.htmx) return;
  event.preventDefault();
  event.stopPropagation();
  if (!list.dataset.first) list.dataset.first = list.innerHTML;
  const answer = await fetch(step.href, { credentials: "same-origin", headers: { "HX-Request": "true" } });
  if (!answer.ok) return window.location.assign(step.href);
  list.innerHTML = await answer.text();
  menu.open = true;
  window.htmx.process(list);
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: list } }));
  const first = list.querySelector("input:not([type=hidden]),button");
  if (first) first.focus();
}, true);

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (menu.id !== "add-filter" || menu.open) return;
  const list = menu.querySelector("[data-steps]");
  if (list.dataset.first) list.innerHTML = list.dataset.first;
}, true);

document.addEventListener("htmx:afterSettle", showPicked);
showPicked();
if (document.querySelector("[data-print-now]")) window.addEventListener("load", () => window.print());
