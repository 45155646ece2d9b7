// One re-check: shoot, then say whether it is mended. Kept on the phone and sent behind, as every record.
const store = window.patrolStore;
const { ready, url } = window.patrolPhoto;
const form = document.querySelector("[data-recheck]");
const { code, stage, version, where } = form.dataset;
const shots = [];
const toast = (text, level = "success") => document.dispatchEvent(new CustomEvent("toast", { detail: { text, level } }));

async function picked(event) {
  const input = event.target.closest("[data-pick]");
  if (!input || !input.files.length) return;
  const files = [...input.files];
  input.value = "";
  for (const file of files) {
    const photo = await ready(file, {});
    await store.keepPhoto(photo);
    shots.push(photo);
  }
  draw();
}

async function drop() {
  await store.dropPhoto(shots.pop().id);
  draw();
}

function draw() {
  const box = form.querySelector("[data-shot]");
  box.hidden = !shots.length;
  if (!shots.length) return;
  box.querySelector("[data-shown]").src = url(shots[shots.length - 1]);
  box.querySelector("[data-count]").textContent = `${shots.length} 张`;
}

// Kept here and not sent yet, or refused because somebody decided first: said before anything is done twice.
async function tellKept() {
  const kept = (await store.records()).reverse().find((record) => record.about && record.about.finding === code && record.state !== "received");
  if (kept && kept.state === "waiting") toast("这一处您已经看过，存在手机里，联网后自动送出", "warning");
  if (kept && kept.state === "refused") toast(`上次没有收下：${kept.error}`, "warning");
}

async function submit(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  const isMended = event.submitter.value === "mended";
  if (!isMended && !shots.length) return toast("没整改要有一张现场照片，请先拍照", "warning");
  const id = store.newId();
  const isRelapse = stage === "closed" && !isMended;
  const message = {
    client_id: id,
    finding: code,
    at: new Date().toISOString(),
    is_mended: isMended,
    version: Number(version),
    note: form.elements.note.value,
    photos: shots.map((photo) => photo.id),
  };
  const finding = isRelapse ? `${id}.1` : `code:${code}`;
  const photos = shots.map((photo) => ({ ...photo, finding, moment: isRelapse ? "before" : "context" }));
  try {
    await store.file({ id, url: "/api/v1/rechecks", message, title: `复查 ${code}：${isMended ? "已整改" : "未整改"}`, where, photos, about: { finding: code, said: isMended ? "已整改" : "未整改" } });
  } catch {
    return toast("手机里存不下了，请清理空间后再交。内容还在本页。", "error");
  }
  for (const button of form.querySelectorAll(".acts button")) button.disabled = true;
  await window.patrolQueue.wake();
  window.location.href = "/patrol/rechecks";
  return undefined;
}

form.addEventListener("change", picked);
form.addEventListener("submit", submit);
const says = form.querySelector("[data-says]");
if (says) {
  says.hidden = false;
  says.addEventListener("click", (event) => event.target.matches("[data-say]") && (form.elements.note.value = event.target.textContent));
  form.querySelector("[data-drop]").addEventListener("click", drop);
  tellKept();
}
