// The board of orders and its lists: ticked rows and their bar, verdicts in the row by 1 and 2, the pair over the page.
// Every deed has a real form or link behind it.
const boxes = () => [...document.querySelectorAll('input[name="codes"][form="pick"]')];
const rowOf = (box) => box.closest("[data-key-row]");
const bar = document.getElementById("bulk");

// --- ticked rows ---------------------------------------------------------------------------------
function showPicked() {
  if (!bar) return;
  const rows = boxes().filter((box) => box.checked).map(rowOf);
  const kinds = new Set(rows.map((row) => row.dataset.kind));
  if (rows.some((row) => "place" in row.dataset)) kinds.add("place");
  const units = new Set(rows.map((row) => row.dataset.unit).filter(Boolean)).size;
  const photos = rows.reduce((sum, row) => sum + Number(row.dataset.photos), 0);
  for (const box of boxes()) rowOf(box).classList.toggle("sel", box.checked);
  for (const button of bar.querySelectorAll("[data-for]"))
    button.hidden = !button.dataset.for.split(" ").some((kind) => kinds.has(kind));
  bar.hidden = rows.length === 0;
  bar.querySelector("[data-picked]").textContent = `已选 ${rows.length} 处`;
  bar.querySelector("[data-picked-count]").textContent = rows.length;
  bar.querySelector("[data-picked-words]").textContent =
    [units && `${units} 个单位`, photos && `照片 ${photos}`].filter(Boolean).join(" · ");
  for (const all of document.querySelectorAll("input[data-all]")) {
    const mine = of(all);
    const on = mine.filter((box) => box.checked).length;
    all.checked = on > 0 && on === mine.length;
    all.indeterminate = on > 0 && !all.checked;
  }
}

const of = (all) => boxes().filter((box) => !all.dataset.all || rowOf(box).dataset.kind === all.dataset.all);

function unpick() {
  for (const box of boxes()) box.checked = false;
  showPicked();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("input[data-all]")) for (const box of of(event.target)) box.checked = event.target.checked;
  if (event.target.matches('input[name="codes"],input[data-all]')) showPicked();
});

// --- canned words fill the reason beside them ---------------------------------------------------------
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-unpick]")) unpick();
  const say = event.target.closest("[data-say]");
  if (!say) return;
  const field = say.closest("form").querySelector('[name="reason"]');
  field.value = say.dataset.say;
  field.focus();
});

// 退回 without words asks for them first
document.addEventListener("click", (event) => {
  const back = event.target.closest('button[name="outcome"][value="return"]');
  if (!back) return;
  const field = back.form.querySelector('[name="reason"]');
  if (field.value.trim()) return;
  event.preventDefault();
  field.focus();
});

// --- the row under the keys: 1 passes it, 2 opens its reasons -----------------------------------------
function arm(row) {
  for (const old of document.querySelectorAll("main [data-row-key]")) {
    old.removeAttribute("data-key");
    old.removeAttribute("data-row-key");
    old.classList.remove("pri");
  }
  const pass = row && row.querySelector('.rb button[value="pass"]');
  if (!pass) return;
  for (const [key, button] of [["1", pass], ["2", row.querySelector(".rb summary")]]) {
    button.dataset.key = key;
    button.dataset.rowKey = "";
  }
  pass.classList.add("pri");
}

document.addEventListener("row:current", (event) => arm(event.target));
document.addEventListener("toggle", (event) => {
  if (event.target.matches && event.target.matches(".rb details[open]")) event.target.querySelector("textarea").focus();
}, true);

// --- the pair over the page: once something was decided, the list behind it is read anew ---------------
const pairs = document.getElementById("pairs");
let isDecided = false;

document.addEventListener("htmx:afterSwap", (event) => {
  if (!pairs || !pairs.contains(event.target)) return;
  isDecided = isDecided || Boolean(pairs.querySelector("[data-decided]"));
  const first = pairs.querySelector("[data-focus]") || pairs.querySelector("[autofocus]");
  if (first) first.focus();
});
if (pairs)
  pairs.addEventListener("close", () => {
    if (isDecided) window.location.reload();
  });

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || document.querySelector("dialog[open],details.menu[open]")) return;
  if (boxes().some((box) => box.checked)) unpick();
});

const first = document.querySelector(".rv");
if (first) {
  first.classList.add("cur");
  arm(first);
}
showPicked();
