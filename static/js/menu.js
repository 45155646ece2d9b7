// Menus are <details class="menu">: Esc and a click elsewhere close them. Also the side bar on phones and the theme choice.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  const toggle = event.target.closest("[data-side-toggle]");
  if (toggle) {
    const isOpen = toggle.closest(".side").classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(isOpen));
  }
  const choice = event.target.closest("[data-theme-choice]");
  if (choice) setTheme(choice.dataset.themeChoice);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  markTheme();
}

function markTheme() {
  const theme = document.documentElement.dataset.theme || "auto";
  for (const button of document.querySelectorAll("[data-theme-choice]"))
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
}

markTheme();
