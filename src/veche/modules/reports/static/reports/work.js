// The workplace, on top of what every page can do (j, k, Enter, /, ?): x ticks, all at once, templates without a reload.
"use strict";
(() => {
  const boxes = [...document.querySelectorAll("input[name=report][type=checkbox]")];
  document.addEventListener("keydown", (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey || press.key !== "x") return;
    if (press.target.matches("input:not([type=checkbox]),textarea,select")) return;
    document.querySelector("[data-row].here input[type=checkbox]")?.click();
  });
  const all = document.querySelector("[data-all]");
  if (all && boxes.length > 1) {
    all.hidden = false;
    all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
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
