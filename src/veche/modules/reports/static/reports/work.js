// The workplace, on top of what every page can do (j, k, Enter, /, ?): x ticks, all at once, filters and templates
// without a reload.
"use strict";
(() => {
  document.addEventListener("keydown", (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey || press.key !== "x") return;
    if (press.target.matches("input:not([type=checkbox]),textarea,select")) return;
    document.querySelector("[data-row].here input[type=checkbox]")?.click();
  });
  const offerAll = () => {
    const all = document.querySelector("[data-all]");
    const boxes = [...document.querySelectorAll("input[name=report][type=checkbox]")];
    if (!all || boxes.length < 2) return;
    all.hidden = false;
    all.onchange = () => { for (const box of boxes) box.checked = all.checked; };
  };
  offerAll();
  document.addEventListener("htmx:afterSettle", offerAll);
  // Where the quick way fails, the browser goes the usual one and shows what it meets.
  for (const failed of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(failed, (event) => event.detail.elt.submit?.());
  }
  for (const button of document.querySelectorAll("[data-template]")) {
    button.addEventListener("click", (press) => {
      const text = button.form.elements.text;
      press.preventDefault();
      const typed = text.value.trimEnd();
      text.value = typed ? `${typed}\n\n${button.dataset.template}` : button.dataset.template;
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  }
})();
