// A picture made small before it travels, and what its EXIF said, which the drawing anew loses.
const EDGE = 1600;
const QUALITY = 0.8;

async function smaller(file) {
  if (!/^image\//.test(file.type) || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return (await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY))) || file;
  } catch {
    return file; // a picture this browser cannot draw goes as it is; the server looks at it
  }
}

const RATIONAL = 8;

function reader(view, start) {
  const little = view.getUint16(start) === 0x4949;
  const u16 = (at) => view.getUint16(start + at, little);
  const u32 = (at) => view.getUint32(start + at, little);
  const entries = (at) => {
    const found = new Map();
    for (let i = 0; i < u16(at); i += 1) found.set(u16(at + 2 + i * 12), at + 2 + i * 12);
    return found;
  };
  const text = (entry) => {
    const count = u32(entry + 4);
    const from = count > 4 ? u32(entry + 8) : entry + 8;
    let said = "";
    for (let i = 0; i < count - 1; i += 1) said += String.fromCharCode(view.getUint8(start + from + i));
    return said;
  };
  const degrees = (entry) => {
    const from = u32(entry + 8);
    const part = (i) => u32(from + i * RATIONAL) / (u32(from + i * RATIONAL + 4) || 1);
    return part(0) + part(1) / 60 + part(2) / 3600;
  };
  return { u32, entries, text, degrees };
}

function findExif(view) {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return 0;
  for (let at = 2; at + 10 < view.byteLength; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint8(at) !== 0xff) return 0;
    if (view.getUint16(at) === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
  }
  return 0;
}

// {taken_at, latitude, longitude} as far as the camera wrote them; broken notes spoil nothing.
async function details(file) {
  const found = { taken_at: null, latitude: null, longitude: null };
  try {
    const view = new DataView(await file.slice(0, 131072).arrayBuffer());
    const start = findExif(view);
    if (!start) return found;
    const { u32, entries, text, degrees } = reader(view, start);
    const first = entries(u32(4));
    const exif = first.has(0x8769) ? entries(u32(first.get(0x8769) + 8)) : new Map();
    const when = exif.has(0x9003) && text(exif.get(0x9003)).match(/^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/);
    if (when) {
      const moment = new Date(+when[1], when[2] - 1, +when[3], +when[4], +when[5], +when[6]);
      if (moment <= new Date()) found.taken_at = moment.toISOString();
    }
    const gps = first.has(0x8825) ? entries(u32(first.get(0x8825) + 8)) : new Map();
    if (gps.has(2) && gps.has(4)) {
      found.latitude = degrees(gps.get(2)) * (gps.has(1) && text(gps.get(1)) === "S" ? -1 : 1);
      found.longitude = degrees(gps.get(4)) * (gps.has(3) && text(gps.get(3)) === "W" ? -1 : 1);
    }
  } catch {
    return found; // the picture counts, not the camera's notes
  }
  return found;
}

const shown = new Map();

function standing(photo) {
  if (photo.state === "received") return ["ok", "ok", "已收到"];
  if (photo.state === "refused") return ["bad", "bad", "没收下"];
  if (photo.share > 0 && photo.share < 1) return ["up", "up", `断在 ${Math.round(photo.share * 100)}%`];
  return ["", "wait", navigator.onLine ? "等上传" : "等信号"];
}

window.patrolPhoto = {
  // Ready to be kept: small, hashed, with its time (now, when the camera tells none).
  async ready(file, fields) {
    const { newId, sha256 } = window.patrolStore;
    const said = await details(file);
    const small = await smaller(file);
    const bytes = await small.arrayBuffer();
    return {
      id: newId(),
      bytes,
      type: small.type || "image/jpeg",
      name: small === file ? file.name : "photo.jpg",
      sha256: sha256(new Uint8Array(bytes)),
      ...said,
      taken_at: said.taken_at || new Date().toISOString(),
      ...fields,
    };
  },
  // A kept picture in a row, with a button that takes it out again; the next shot then stands in its place.
  thumb(photo, words, drop) {
    const box = document.createElement("span");
    box.className = "pic";
    const image = new Image();
    image.alt = words;
    image.src = window.patrolPhoto.url(photo);
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `删掉${words}`);
    button.addEventListener("click", () => drop(photo));
    box.append(image, button);
    return box;
  },
  // What the server has said of it so far, under the picture itself.
  receipt(photo) {
    const [tone, name, words] = standing(photo);
    const image = new Image(72, 54);
    image.alt = "";
    if (!shown.has(photo.id)) shown.set(photo.id, window.patrolPhoto.url(photo));
    image.src = shown.get(photo.id);
    const line = document.createElement("p");
    const icons = document.querySelector("template[data-receipts]").content;
    line.append(icons.querySelector(`[data-icon="${name}"]`).firstElementChild.cloneNode(true), words);
    const box = document.createElement("div");
    box.className = `rc ${tone}`;
    box.dataset.sha256 = photo.sha256;
    if (photo.error) box.title = photo.error;
    box.append(image, line);
    return box;
  },
  url: (photo) => URL.createObjectURL(new Blob([photo.bytes], { type: photo.type })),
};
