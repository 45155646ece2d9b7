// The orders a unit owes, with their first pictures, into the phone's keeping, so that they open where there is no signal.
async function carry() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.ready;
  // on the very first visit the worker takes the page over a moment later; before that it keeps nothing
  if (!navigator.serviceWorker.controller) await new Promise((taken) => navigator.serviceWorker.addEventListener("controllerchange", taken, { once: true }));
  const links = [...document.querySelectorAll("a.go[href^='/orders/']")].slice(0, 40);
  for (const link of links) {
    try {
      const answer = await fetch(link.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const image of page.querySelectorAll(".ph img[src]")) await fetch(image.getAttribute("src"), { credentials: "same-origin" });
    } catch {
      return;
    }
  }
}

carry();
