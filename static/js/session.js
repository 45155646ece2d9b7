// The login may expire while a form is being filled. Before a form leaves, ask whether the session still lives; if not, log in
// inside a dialog and go on. Nothing typed is lost. Works the same for htmx requests that come back as the login page.
const dialog = document.getElementById("session-dialog");
const form = dialog && dialog.querySelector("[data-session-form]");
const PULSE = "/session";
let waiting = null;

const isLogin = (url) => new URL(url, window.location.href).pathname === "/login";

async function isAlive() {
  try {
    const answer = await fetch(PULSE, { credentials: "same-origin", headers: { Accept: "application/json" }, cache: "no-store" });
    return answer.ok && !isLogin(answer.url);
  } catch {
    return true;
  }
}

function renew(token) {
  if (!token) return;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
}

const tokenIn = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const field = page.querySelector("input[name=csrfmiddlewaretoken]");
  return { token: field ? field.value : "", error: (page.querySelector(".error-summary li,.err") || {}).textContent || "" };
};

function ask(next) {
  waiting = next;
  if (!dialog.open) dialog.showModal();
  form.querySelector("input[name=username]").focus();
}

async function logIn(event) {
  event.preventDefault();
  const error = form.querySelector("[data-session-error]");
  const login = tokenIn(await (await fetch("/login", { credentials: "same-origin" })).text());
  const body = new URLSearchParams(new FormData(form));
  body.set("csrfmiddlewaretoken", login.token);
  body.set("next", PULSE);
  const answer = await fetch("/login", { method: "POST", body, credentials: "same-origin" });
  if (!answer.ok || isLogin(answer.url)) {
    error.hidden = false;
    error.textContent = tokenIn(await answer.text()).error.trim() || "账号或密码不对，请再试。";
    return;
  }
  renew((await (await fetch(PULSE, { credentials: "same-origin" })).json()).csrf);
  error.hidden = true;
  form.reset();
  dialog.close();
  const next = waiting;
  waiting = null;
  if (next) next();
}

function onSubmit(event) {
  const target = event.target;
  if (target === form || target.method !== "post" || target.dataset.sessionChecked || event.defaultPrevented) return;
  if (target.closest("[hx-post],[hx-put],[hx-delete]") === target || /^\/(login|logout)/.test(target.getAttribute("action") || "")) return;
  event.preventDefault();
  const submitter = event.submitter;
  const go = () => {
    target.dataset.sessionChecked = "1";
    if (target.requestSubmit) target.requestSubmit(submitter || undefined);
    else submitPlainly(target, submitter);
    setTimeout(() => delete target.dataset.sessionChecked, 500);
  };
  isAlive().then((alive) => (alive ? go() : ask(go)));
}

// Safari 15 has no requestSubmit: the pressed button's name and value travel in a hidden field.
function submitPlainly(target, submitter) {
  if (submitter && submitter.name) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = submitter.name;
    field.value = submitter.value;
    target.append(field);
  }
  target.submit();
}

if (dialog && dialog.showModal) {
  form.addEventListener("submit", logIn);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (xhr.status !== 401 && !(xhr.responseURL && isLogin(xhr.responseURL))) return;
    event.detail.shouldSwap = false;
    ask(() => {
      const { verb, path, elt, target, parameters } = requestConfig;
      window.htmx.ajax(verb.toUpperCase(), path, { source: elt, target, values: parameters });
    });
  });
}
