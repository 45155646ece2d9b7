// A button that prints the page as it is: print rules stand in the stylesheet.
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
