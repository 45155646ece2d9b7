// The bar under the drafts says what is ticked: papers, units, findings, photos.
const ticks = [...document.querySelectorAll("[data-draft]")];
const count = document.querySelector("[data-picked]");
const words = document.querySelector("[data-picked-words]");
const sum = (rows, name) => rows.reduce((total, row) => total + Number(row.dataset[name]), 0);

function tell() {
  const on = ticks.filter((tick) => tick.checked);
  count.textContent = on.length;
  words.textContent = `${on.length} 个单位 · ${sum(on, "draft")} 处 · 照片 ${sum(on, "photos")}`;
}

if (count) document.addEventListener("change", (event) => event.target.matches("[data-draft]") && tell());
