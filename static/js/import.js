// The dry run: N goes from question to question, on from the one at hand or from the row answered last.
const questions = () => [...document.querySelectorAll("tr.mend")];

function following() {
  const list = questions();
  const at = list.findIndex((row) => row.classList.contains("cur"));
  if (at >= 0) return list[(at + 1) % list.length];
  const answered = document.getElementById(location.hash.slice(1));
  const after = (row) => answered.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING;
  return (answered && !answered.classList.contains("mend") && list.find(after)) || list[0];
}

function name(link) {
  const next = following();
  if (!next) return;
  link.href = `#${next.id}`;
  link.querySelector("span").textContent = next.dataset.place;
}

const link = document.querySelector("[data-next-question]");
if (link) {
  name(link);
  link.addEventListener("click", (event) => {
    const next = following();
    if (!next) return;
    event.preventDefault();
    for (const row of questions()) row.classList.toggle("cur", row === next);
    history.replaceState(null, "", `#${next.id}`);
    next.scrollIntoView({ block: "center" });
    const button = next.querySelector("button");
    if (button) button.focus({ preventScroll: true });
    name(link);
  });
}
