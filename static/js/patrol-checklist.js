// The checklist: a verdict a row, a photo in the row that fails, everything kept on the phone as it is tapped.
const store = window.patrolStore;
const { ready, thumb } = window.patrolPhoto;
const form = document.querySelector("[data-checklist-form]");
const place = form.elements.place.value;
const KEY = `check:${place}`;
const rows = [...form.querySelectorAll("[data-row]")];
const shots = new Map(rows.map((row) => [row.dataset.row, []]));
const button = form.querySelector("[data-file]");
const toast = (text, level = "success") => document.dispatchEvent(new CustomEvent("toast", { detail: { text, level } }));
const verdict = (row) => (row.querySelector("input[type=radio]:checked") || {}).value || "";
const note = (row) => row.querySelector("[data-note]").value;
const mendedBy = (row) => row.querySelector("[data-mended-by]").value;
const isMended = (row) => shots.get(row.dataset.row).some((photo) => photo.moment === "after");
const lacks = (row) => verdict(row) === "fail" && !shots.get(row.dataset.row).some((photo) => photo.moment !== "after");

function show() {
  const said = rows.map(verdict);
  const failed = said.filter((word) => word === "fail").length;
  const done = said.filter(Boolean).length;
  form.querySelector("[data-done]").textContent = done;
  form.querySelector("[data-failed]").textContent = failed;
  form.querySelector("[data-failed-words]").hidden = !failed;
  button.textContent = done ? `提交 ${done} 项` : "提交";
  button.disabled = !done;
  rows.forEach((row, at) => {
    const mark = form.querySelector(`[data-mark="${row.dataset.row}"]`);
    mark.classList.toggle("y", said[at] === "pass");
    mark.classList.toggle("n", said[at] === "fail");
  });
}

const keep = () => store.keepDraft(KEY, {
  rows: rows.map((row) => [row.dataset.row, verdict(row), note(row), shots.get(row.dataset.row).map((photo) => photo.id), mendedBy(row)]),
});

function pictures(row) {
  const mine = shots.get(row.dataset.row);
  const name = (photo, at) => `第 ${rows.indexOf(row) + 1} 项${photo.moment === "after" ? "改好以后" : ""}的照片 ${at + 1}`;
  row.querySelector("[data-pics]").replaceChildren(...mine.map((photo, at) => {
    const box = thumb(photo, name(photo, at), (gone) => drop(row, gone));
    box.classList.toggle("mended", photo.moment === "after");
    return box;
  }));
  row.querySelector("[data-cam-word]").textContent = lacks(row) ? "拍照" : "再拍";
  row.classList.toggle("has-photo", mine.length > 0);
  row.classList.toggle("is-mended", isMended(row));
}

async function drop(row, photo) {
  shots.set(row.dataset.row, shots.get(row.dataset.row).filter((kept) => kept !== photo));
  await store.dropPhoto(photo.id);
  pictures(row);
  await keep();
}

async function picked(input) {
  const row = input.closest("[data-row]");
  const files = [...input.files];
  input.value = "";
  for (const file of files) {
    const photo = await ready(file, { moment: input.dataset.moment || "before" });
    await store.keepPhoto(photo);
    shots.get(row.dataset.row).push(photo);
  }
  pictures(row);
  await keep();
}

function changed(event) {
  const { target } = event;
  if (target.matches("[data-pick]")) return target.files.length ? picked(target) : undefined;
  show();
  keep();
  const row = target.closest("[data-row]");
  // straight to the camera: a fail without a photo is no finding
  if (row && target.value === "fail" && !shots.get(row.dataset.row).length) row.querySelector("[data-pick]").click();
  return undefined;
}

async function restore() {
  const kept = await store.draft(KEY);
  if (kept) {
    const photos = await store.photos();
    for (const [id, word, text, ids, by] of kept.value.rows) {
      const row = rows.find((found) => found.dataset.row === id);
      if (!row) continue;
      const radio = row.querySelector(`input[value="${word}"]`);
      if (radio) radio.checked = true;
      row.querySelector("[data-note]").value = text;
      row.querySelector("[data-mended-by]").value = by || "";
      shots.set(id, photos.filter((found) => ids.includes(found.id) && found.state === "draft"));
      pictures(row);
    }
  }
  show();
}

async function submit(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  const bare = rows.find(lacks);
  if (bare) {
    bare.scrollIntoView({ block: "center" });
    return toast(`第 ${rows.indexOf(bare) + 1} 项不合格，还没有照片，请补拍一张`, "warning");
  }
  const id = store.newId();
  const judged = rows.filter(verdict);
  const failed = judged.filter((row) => verdict(row) === "fail");
  const key = (row) => `${id}.${rows.indexOf(row) + 1}`;
  const message = {
    client_id: id,
    at: new Date().toISOString(),
    place,
    round: form.elements.round.value,
    checklist: form.elements.checklist.value,
    answers: judged.map((row) => ({ item: row.dataset.row, verdict: verdict(row), note: note(row) })),
    findings: failed.map((row) => ({
      client_id: key(row),
      tile: row.dataset.tile,
      item: row.dataset.row,
      text: note(row),
      photos: shots.get(row.dataset.row).map((photo) => photo.id),
      is_on_spot: isMended(row),
      mended_by: isMended(row) ? mendedBy(row) : "",
    })),
  };
  const photos = failed.flatMap((row) => shots.get(row.dataset.row).map((photo) => ({ ...photo, finding: key(row) })));
  const title = failed.length ? `${judged.length} 项查完，${failed.length} 项不合格` : `${judged.length} 项合格`;
  try {
    await store.file({ id, url: "/api/v1/visits", message, title, where: form.dataset.title, photos, draft: KEY });
  } catch {
    return toast("手机里存不下了，请清理空间后再交。内容还在本页。", "error");
  }
  await window.patrolQueue.wake();
  window.location.href = `/patrol?site=${place}`;
  return undefined;
}

function filter(event) {
  const link = event.target.closest("[data-group]");
  if (!link) return;
  event.preventDefault();
  for (const other of form.querySelectorAll("[data-group]")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  const { group } = link.dataset;
  for (const row of rows) row.hidden = Boolean(group) && (group === "*" ? !("hot" in row.dataset) : row.dataset.tile !== group);
}

form.addEventListener("change", changed);
form.addEventListener("submit", submit);
form.querySelector("[data-segments]").addEventListener("click", filter);
form.querySelector("[data-segments]").hidden = false;
restore();
