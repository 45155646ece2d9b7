// Toasts close by themselves after ten seconds (errors stay). Other modules and HX-Trigger send
// {toast: {text, level, undo}}; undo is the address of a POST, done in place, or what to call.
const box = document.getElementById("toasts");
const LIFE = 10000;

function add({ text, level = "success", undo = "" }) {
  const toast = document.createElement("div");
  toast.className = `toast ${level}`;
  const words = document.createElement("span");
  words.textContent = text;
  toast.append(words);
  if (undo) toast.append(button("撤销", "undo", () => (undo.call ? (toast.remove(), undo()) : undoBy(undo, toast))));
  toast.append(button("关闭", "close", () => toast.remove()));
  box.append(toast);
  fade(toast);
}

function button(label, css, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = css;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

async function undoBy(url, toast) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const answer = await fetch(url, { method: "POST", headers, credentials: "same-origin" });
  toast.remove();
  if (answer.ok) window.location.reload();
  else add({ text: "没有撤销成：已经超过时间，或内容又被改过。", level: "error" });
}

function fade(toast) {
  if (!toast.classList.contains("error")) setTimeout(() => toast.remove(), LIFE);
}

if (box) {
  for (const toast of box.children) fade(toast);
  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-toast]")) event.target.closest(".toast").remove();
  });
  document.addEventListener("toast", (event) => add(event.detail));
  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    if (status === 401) return;
    const said = event.detail.xhr.getResponseHeader("X-Problem");
    add({ text: said ? decodeURIComponent(said) : `没有做成（${status}）。内容还在，请再试一次。`, level: "error" });
  });
  document.addEventListener("htmx:sendError", () =>
    add({ text: "网络断了，没有发出去。内容还在本页，联网后再点一次。", level: "error" }));
}
