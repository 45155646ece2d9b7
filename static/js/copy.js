// [data-copy="#id"] copies that element's text, [data-copy-text] its own words. Works on plain http too.
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.className = "sr";
  document.body.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  if (!isDone) throw new Error("copy refused");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy],[data-copy-text]");
  if (!button) return;
  event.preventDefault();
  const text = button.dataset.copyText || document.querySelector(button.dataset.copy).textContent.replace(/\s+/g, " ").trim();
  let detail = { text: "已复制" };
  try {
    await copy(text);
  } catch {
    detail = { text: "浏览器不让复制，请选中后按 Ctrl C。", level: "error" };
  }
  document.dispatchEvent(new CustomEvent("toast", { detail }));
});
