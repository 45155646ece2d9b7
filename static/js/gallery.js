// Pictures of a task open over the page, one after the other by arrow keys or buttons. Without this they are links.
let dialog;
let links = [];
let at = 0;

function made() {
  dialog = document.createElement("dialog");
  dialog.className = "dialog viewer";
  dialog.setAttribute("aria-label", "看佐证");
  dialog.innerHTML =
    '<img alt=""><p class="row"><span class="grow" data-words></span><span class="num" data-place></span>' +
    '<button class="btn sm" type="button" data-turn="-1">上一张</button><button class="btn sm" type="button" data-turn="1">下一张</button>' +
    '<a class="btn sm" data-original>原件</a><button class="btn sm pri" type="button" data-close>关闭</button></p>';
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    const turn = event.target.closest("[data-turn]");
    if (turn) show(at + Number(turn.dataset.turn));
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(at - 1);
    if (event.key === "ArrowRight") show(at + 1);
  });
}

function show(place) {
  at = (place + links.length) % links.length;
  const link = links[at];
  const image = dialog.querySelector("img");
  image.src = link.href;
  image.alt = link.dataset.words;
  dialog.querySelector("[data-words]").textContent = link.dataset.words;
  dialog.querySelector("[data-place]").textContent = `${at + 1}/${links.length}`;
  dialog.querySelector("[data-original]").href = link.dataset.original;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-gallery] a.ph");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
  event.preventDefault();
  if (!dialog) made();
  links = [...link.closest("[data-gallery]").querySelectorAll("a.ph")];
  show(links.indexOf(link));
  dialog.opener = link;
  dialog.showModal();
});

// the line of today stands in view where the year is wider than the screen
for (const line of document.querySelectorAll(".timeline")) {
  const now = line.querySelector(".now");
  if (now && line.scrollWidth > line.clientWidth)
    line.scrollLeft = (Number(now.getAttribute("x1")) / 1100) * line.scrollWidth - line.clientWidth / 2;
}
