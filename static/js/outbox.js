// Reports that could not be sent, with their pictures, kept in the phone's own database until they are.
// Loaded before report.js, not imported by it: served names carry a hash that an import would not know.
const NAME = "reports";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("ccgzt", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(NAME, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const change = database.transaction(NAME, mode);
    const request = work(change.objectStore(NAME));
    change.oncomplete = () => resolve(request.result);
    change.onerror = () => reject(change.error);
  });
}

window.reportOutbox = {
  keep: (item) => run("readwrite", (store) => store.put(item)),
  drop: (key) => run("readwrite", (store) => store.delete(key)),
  all: async () => (window.indexedDB ? run("readonly", (store) => store.getAll()) : []),
};
