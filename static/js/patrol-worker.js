// Keeps the inspector's pages, a unit's orders and what they are made of, so that they open without a signal. Only what
// lies under /patrol, one order, the liaison's own first page and the product's own files; never an answer to a login that
// has ended, and nothing after a logout.
const FILES = `patrol-files-${self.VERSION}`;
const PAGES = "patrol-pages";
const WAIT = 5000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(self.SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("patrol-files-") && name !== FILES;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

const isPatrol = ({ pathname }) => pathname === "/patrol" || (pathname.startsWith("/patrol/") && !pathname.endsWith(".js"));
const isOrder = ({ pathname }) => /^\/orders\/(\d+|mine)$/.test(pathname);
const isPage = (url, request) => isPatrol(url) || isOrder(url) || (url.pathname === "/my" && request.mode === "navigate");

async function fileFirst(request) {
  const cache = await caches.open(FILES);
  const kept = await cache.match(request);
  const fresh = fetch(request).then((answer) => {
    if (answer.ok) cache.put(request, answer.clone());
    return answer;
  });
  if (!kept) return fresh;
  fresh.catch(() => kept);
  return kept;
}

// What the phone shows without a signal is what it last saw: the page itself, else the same page without its query.
async function kept(request, url) {
  const cache = await caches.open(PAGES);
  return (await cache.match(request, { ignoreVary: true })) || (url.pathname === "/patrol" ? cache.match(request, { ignoreSearch: true, ignoreVary: true }) : undefined);
}

// Where a page is sent on to is hidden from us (opaqueredirect); if it is the login, that page is seen below.
const hasEnded = (answer) => answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === "/login");

async function loginPage(request) {
  const answer = await fetch(request);
  if (answer.ok) await caches.delete(PAGES);
  return answer;
}

async function netFirst(request, url) {
  const cache = await caches.open(PAGES);
  const net = fetch(request).then(async (answer) => {
    if (hasEnded(answer)) await caches.delete(PAGES);
    else if (answer.ok && !answer.redirected) await cache.put(request, answer.clone());
    return answer;
  });
  const late = new Promise((resolve) => setTimeout(resolve, WAIT)).then(() => kept(request, url));
  try {
    return (await Promise.race([net, late])) || (await net);
  } catch (error) {
    const found = await kept(request, url);
    if (found) return found;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fileFirst(request));
  else if (url.pathname === "/login" && request.mode === "navigate") event.respondWith(loginPage(request));
  else if (isPage(url, request)) event.respondWith(netFirst(request, url));
});
