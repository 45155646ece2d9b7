// <button data-open="id"> opens a dialog, [data-close] closes it. Falls back to a plain open box where <dialog> is unknown.
// A fragment that htmx puts into a dialog body marked data-shows opens its dialog. Error summaries take the focus.
function show(dialog, opener) {
  dialog.opener = opener;
  if (dialog.open) return;
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute("open", "");
  const first = dialog.querySelector("[autofocus],input:not([type=hidden]),textarea,select,.btn.pri,button");
  if (first) first.focus();
}

function close(dialog) {
  if (dialog.close) dialog.close();
  else dialog.removeAttribute("open");
  if (dialog.opener) dialog.opener.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.open);
    if (dialog) {
      event.preventDefault();
      show(dialog, opener);
    }
  }
  const closer = event.target.closest("[data-close]");
  if (closer) {
    const dialog = closer.closest("dialog");
    if (dialog) {
      event.preventDefault();
      close(dialog);
    }
  }
  if (event.target.tagName === "DIALOG" && !event.target.hasAttribute("data-modal")) close(event.target);
});

document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.target.closest && event.target.closest("dialog[data-shows]");
  if (dialog) show(dialog, document.activeElement);
  focusErrors(event.target);
});

function focusErrors(root) {
  const summary = root.querySelector && root.querySelector("[data-focus]");
  if (summary) summary.focus();
}

focusErrors(document);
