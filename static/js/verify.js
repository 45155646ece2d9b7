// The verify page: a box that opens above its button takes the focus, Esc closes it, canned words fill it.
const opened = () => document.querySelector(".rb:target,.rb.open");

function enter() {
  const box = opened();
  const words = box && box.querySelector("textarea");
  if (words) {
    words.focus();
    words.setSelectionRange(words.value.length, words.value.length);
  }
}

function leave() {
  const box = opened();
  if (!box) return;
  box.classList.remove("open");
  window.location.hash = "#item";
  const button = document.querySelector(`.foot-bar [href="#${box.id}"]`);
  if (button) button.focus();
}

window.addEventListener("hashchange", enter);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && opened()) {
    event.preventDefault();
    leave();
  }
});
document.addEventListener("click", (event) => {
  const say = event.target.closest("[data-say]");
  if (!say) return;
  const box = say.closest(".rb");
  for (const other of box.querySelectorAll(".say")) other.classList.toggle("on", other === say);
  box.querySelector("textarea").value = say.dataset.say;
  enter();
});
enter();
