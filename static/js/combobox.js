// A picker that asks the server, so that 拼音首字母 works without a table of 20,000 characters in the page.
// <div class="combobox" data-source="/units/options" data-name="unit">: the server answers
// {"options": [{"value", "label", "note"}]}; the choice goes into a hidden input (several with data-multiple).
const WAIT = 160;

class Combobox {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector("input[type=text],input[type=search],input:not([type])");
    this.list = document.createElement("ul");
    this.list.id = `${this.input.id || root.dataset.name}-options`;
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    this.said = document.createElement("span");
    this.said.className = "sr";
    this.said.setAttribute("role", "status");
    root.append(this.list, this.said);
    this.at = -1;
    this.options = [];
    this.prepare();
  }

  prepare() {
    const { input } = this;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-autocomplete", "list");
    input.autocomplete = "off";
    input.addEventListener("input", (event) => event.isComposing || this.askSoon());
    input.addEventListener("compositionend", () => this.askSoon());
    input.addEventListener("focus", () => this.askSoon());
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    input.addEventListener("keydown", (event) => this.onKey(event));
    this.root.addEventListener("click", (event) => {
      const remove = event.target.closest("[data-remove]");
      if (remove) remove.closest(".chip").remove();
    });
  }

  askSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const url = new URL(this.root.dataset.source, window.location.href);
    url.searchParams.set("q", this.input.value.trim());
    const asked = (this.asked = Symbol("asked"));
    try {
      const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok || asked !== this.asked) return;
      this.show((await answer.json()).options);
    } catch {
      this.said.textContent = "没有取到名单，请直接填写。";
    }
  }

  show(options) {
    this.options = options;
    this.at = options.length ? 0 : -1;
    this.list.replaceChildren(...(options.length ? options.map((option, n) => this.item(option, n)) : [this.none()]));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.said.textContent = `${options.length} 个结果`;
    this.mark();
  }

  item(option, n) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${n}`;
    item.setAttribute("role", "option");
    item.textContent = option.label;
    if (option.note) {
      const note = document.createElement("em");
      note.textContent = option.note;
      item.append(note);
    }
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.choose(n);
    });
    return item;
  }

  none() {
    const item = document.createElement("li");
    item.className = "none";
    item.setAttribute("role", "option");
    item.setAttribute("aria-disabled", "true");
    item.textContent = "没有匹配的，换个叫法或拼音首字母试试";
    return item;
  }

  onKey(event) {
    if (event.isComposing) return;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (moves[event.key] && this.options.length) {
      this.at = (this.at + moves[event.key] + this.options.length) % this.options.length;
      this.mark();
    } else if (event.key === "Enter" && !this.list.hidden && this.at >= 0) this.choose(this.at);
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  mark() {
    [...this.list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === this.at)));
    const current = this.list.children[this.at];
    if (current) current.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", current ? current.id : "");
  }

  choose(n) {
    const option = this.options[n];
    if (this.root.hasAttribute("data-multiple")) this.addChip(option);
    else {
      this.input.value = option.label;
      this.hidden().value = option.value;
    }
    this.close();
    this.root.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: option }));
  }

  hidden() {
    let field = this.root.querySelector("input[type=hidden]");
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = this.root.dataset.name;
      this.root.append(field);
    }
    return field;
  }

  addChip(option) {
    this.input.value = "";
    if (this.root.querySelector(`input[type=hidden][value="${CSS.escape(option.value)}"]`)) return;
    const chip = document.createElement("span");
    chip.className = "chip";
    const name = document.createElement("b");
    name.textContent = option.label;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = this.root.dataset.name;
    field.setAttribute("value", option.value);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.dataset.remove = "";
    remove.setAttribute("aria-label", `移除 ${option.label}`);
    remove.textContent = "×";
    chip.append(name, remove, field);
    this.picked().append(chip);
  }

  picked() {
    let box = this.root.querySelector(".picked");
    if (!box) {
      box = document.createElement("div");
      box.className = "picked";
      this.root.prepend(box);
    }
    return box;
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function start(root) {
  for (const box of root.querySelectorAll(".combobox[data-source]")) if (!box.combobox) box.combobox = new Combobox(box);
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
