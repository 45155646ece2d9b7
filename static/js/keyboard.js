// Keys of lists: J K Enter X / ? and Ctrl K. Never in inputs, never while an input method composes; off by the person's own
// switch (body[data-shortcuts]). A list is [data-keys] with rows [data-key-row]; a row's first link or [data-open-row] opens it.
// Pages add single keys with [data-key="1"] on a button or link.
const isOn = () => document.body.hasAttribute("data-shortcuts");
const isTyping = (target) =>
  target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type);

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return openSearch(event);
  if (!isOn() || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.type === "radio" && event.key.startsWith("Arrow")) return;
  const modal = document.querySelector("dialog[open]");
  const scope = modal || document;
  const button = scope.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button && !button.disabled) {
    event.preventDefault();
    button.click();
    return;
  }
  if (!modal) onListKey(event);
});

function openSearch(event) {
  event.preventDefault();
  const own = document.querySelector("[data-search-input]");
  if (own) own.focus();
  else {
    const link = document.querySelector("[data-search]");
    if (link) link.click();
  }
}

function onListKey(event) {
  const rows = [...document.querySelectorAll("[data-keys] [data-key-row]")].filter((row) => row.offsetParent);
  const at = rows.findIndex((row) => row.classList.contains("cur"));
  const actions = {
    j: () => move(rows, at, 1),
    k: () => move(rows, at, -1),
    enter: () => at >= 0 && opening(event.target) && open(rows[at]),
    x: () => at >= 0 && tick(rows[at]),
    "/": () => focusFind(),
    "?": () => openHelp(),
  };
  const action = actions[event.key.toLowerCase()];
  if (action && action() !== false) event.preventDefault();
}

const opening = (target) => !/^(A|BUTTON|SUMMARY)$/.test(target.tagName);

function move(rows, at, step) {
  if (!rows.length) return false;
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  if (at >= 0) rows[at].classList.remove("cur");
  next.classList.add("cur");
  next.scrollIntoView({ block: "nearest" });
  next.dispatchEvent(new CustomEvent("row:current", { bubbles: true }));
  const link = next.querySelector("a[href]");
  if (link) link.focus({ preventScroll: true });
  return true;
}

function open(row) {
  const link = row.querySelector("[data-open-row]") || row.querySelector("a[href]");
  if (!link) return false;
  link.click();
  return true;
}

function tick(row) {
  const box = row.querySelector("input[type=checkbox]");
  if (!box) return false;
  box.click();
  return true;
}

function focusFind() {
  const find = document.querySelector("[data-find]");
  if (!find) return false;
  find.focus();
  return true;
}

function openHelp() {
  const dialog = document.getElementById("shortcuts");
  if (!dialog || !dialog.showModal) return false;
  dialog.showModal();
  return true;
}
