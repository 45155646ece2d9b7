// The reader: the row at hand, its clause and the curve between them; single keys; columns keep their place over a step.
// Off while an input method composes, in inputs, and by the person's own switch (body[data-shortcuts]).
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const isOn = () => document.body.hasAttribute("data-shortcuts");
const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
const rows = () => all("[data-row]");
const current = () => find("[data-row].cur");

function take(row) {
  const before = current();
  if (before) before.classList.remove("cur");
  row.classList.add("cur");
  const label = row.dataset.row;
  find("[data-at]").value = label;
  find("[data-seen-field]").value = row.dataset.seen || "";
  const told = find(".t2", row);
  if (told && !find(".sent", row)) {
    const sentence = document.createElement("p");
    sentence.className = "sent";
    sentence.textContent = all(`[data-mark="${label}"]`).map((mark) => mark.textContent.replace(/\u2060\d+(-\d+)?/g, "")).join("");
    told.after(sentence);
  }
  for (const mark of all("[data-mark]")) mark.classList.toggle("cur", mark.dataset.mark === label);
  for (const [verb, mode] of [["e", "edit"], ["s", "split"]]) {
    const link = find(`[data-verb="${verb}"]`);
    if (link) link.href = `?at=${label}&do=${mode}${shown()}`;
  }
  show();
}

const shown = () => {
  const field = find('#reader [name="show"]');
  return field && field.value ? `&show=${field.value}` : "";
};

function show() {
  const row = current();
  if (!row) return;
  near(find(".dr"), row);
  const mark = find(`[data-mark="${row.dataset.row}"]`);
  if (mark) near(find(".tx"), mark);
  draw();
}

// Brings a thing into its column without moving the page; on a phone the list is the page.
function near(pane, thing) {
  const outer = pane.getBoundingClientRect();
  if (getComputedStyle(pane).overflowY === "visible") return thing.scrollIntoView({ block: "nearest" });
  const inner = thing.getBoundingClientRect();
  if (inner.top < outer.top + 8 || inner.bottom > outer.bottom - 8) {
    pane.scrollTop += inner.top - outer.top - outer.height / 3;
  }
}

function draw() {
  const wire = find(".wire");
  const row = current();
  const mark = row && find(`[data-mark="${row.dataset.row}"]`);
  if (!wire) return;
  wire.classList.toggle("off", !mark);
  if (!mark) return;
  const box = find(".rdr").getBoundingClientRect();
  const text = find(".tx").getBoundingClientRect();
  const list = find(".dr").getBoundingClientRect();
  const end = [...mark.getClientRects()].sort((a, b) => b.right - a.right)[0];
  const at = row.getBoundingClientRect();
  const isSeen = end && end.top > text.top && end.bottom < text.bottom && at.top + 20 > list.top && at.top + 20 < list.bottom;
  wire.classList.toggle("off", !isSeen || list.left < text.right - 2);
  wire.classList.toggle("q", row.classList.contains("q"));
  if (!isSeen) return;
  const [x0, y0, x1, y1] = [Math.max(end.right + 8, text.right - 40) - box.left, end.top + end.height / 2 - box.top, list.left - box.left, at.top + 20 - box.top];
  const middle = (x0 + x1) / 2;
  find("path", wire).setAttribute("d", `M${x0} ${y0} C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`);
  find("circle", wire).setAttribute("cx", x0);
  find("circle", wire).setAttribute("cy", y0);
}

function step(by) {
  const list = rows();
  const at = list.indexOf(current());
  const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
  const beyond = next === list[at] && find(by > 0 ? "[data-after]" : "[data-before]");
  if (beyond) beyond.click();
  else if (next) take(next);
}

function nextDoubt() {
  const list = rows();
  const at = list.indexOf(current());
  const next = [...list.slice(at + 1), ...list.slice(0, at + 1)].find((row) => row.classList.contains("q"));
  if (next) take(next);
  return Boolean(next);
}

function press(key) {
  const row = current();
  const recon = find("[data-recon]");
  if (recon) return pressRecon(recon, key);
  if (find(".ed,.sp") && key !== "escape") return false;
  if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (key === "n" && nextDoubt()) return true;
  else if (/^[1-9]$/.test(key) && row) {
    const pick = all(".ch .pick", row)[key - 1];
    if (!pick) return false;
    pick.click();
  } else {
    const button = find(`[data-verb="${key}"]`);
    if (!button) return false;
    button.click();
  }
  return true;
}

function pressRecon(recon, key) {
  const list = all("[data-recon-row]", recon);
  const at = list.findIndex((row) => row.classList.contains("cur"));
  if (key === "j" || key === "k") {
    const next = list[Math.min(Math.max(at + (key === "j" ? 1 : -1), 0), list.length - 1)];
    if (!next) return false;
    if (at >= 0) list[at].classList.remove("cur");
    next.classList.add("cur");
    next.scrollIntoView({ block: "nearest" });
    return true;
  }
  const pick = /^[12]$/.test(key) && at >= 0 ? all(".pick", list[at])[key - 1] : null;
  if (pick) pick.click();
  return Boolean(pick);
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey || !isOn()) return;
    if (find("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (isTyping(event.target) && !(key === "escape" && find('[data-verb="escape"]'))) return;
    if (key === "enter" && /^(A|BUTTON|SUMMARY)$/.test(event.target.tagName) && !event.target.closest(".tx")) return;
    if (press(key)) event.preventDefault();
  },
  true,
);
document.addEventListener("click", (event) => {
  const mark = event.target.closest("[data-mark]");
  const row = mark ? find(`[data-row="${mark.dataset.mark}"]`) : event.target.closest("[data-row]");
  const isControl = event.target.closest("button,input,textarea,label") || event.target.closest(".has,.pick");
  if (event.target.closest('[data-verb="n"]') && nextDoubt()) event.preventDefault();
  if (!row || isControl || find(".ed,.sp")) return;
  event.preventDefault();
  take(row);
});

// A step brings both columns anew: they stay where they stood.
let kept = null;
document.addEventListener("htmx:beforeSwap", () => {
  kept = [find(".tx"), find(".dr")].map((pane) => (pane ? pane.scrollTop : 0));
});
document.addEventListener("htmx:afterSwap", () => {
  [find(".tx"), find(".dr")].forEach((pane, place) => {
    if (pane && kept) pane.scrollTop = kept[place];
  });
});
// Only now: until it has settled, htmx leaves the new rows the classes of the old ones.
document.addEventListener("htmx:afterSettle", enter);

function enter() {
  if (!find(".rdr")) return;
  for (const pane of all(".tx,.dr")) pane.addEventListener("scroll", draw, { passive: true });
  show();
}
// A choice brings the page anew with its row in the address: the keys go on from there.
const answered = find("[data-recon]") && document.getElementById(location.hash.slice(1));
if (answered) answered.classList.add("cur");
window.addEventListener("resize", draw);
if (document.fonts && document.fonts.ready) document.fonts.ready.then(draw);
enter();
