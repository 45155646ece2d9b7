// In the list, what one has looked at already and the phone still holds says so; nothing is looked at twice.
const store = window.patrolStore;

async function show() {
  const kept = (await store.records()).filter((record) => record.about && record.about.finding);
  for (const line of document.querySelectorAll("[data-finding]")) {
    const record = kept.filter((found) => found.about.finding === line.dataset.finding).pop();
    const pill = line.querySelector(".pill");
    if (!record || record.state === "refused") continue;
    pill.className = "pill soon";
    pill.textContent = record.state === "received" ? `已记：${record.about.said}` : `${record.about.said}，等上传`;
  }
}

window.patrolQueue.onChange(show);
show();
