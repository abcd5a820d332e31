// The workplace by keyboard: j and k move, x ticks, Enter opens, / goes to the filters, ? shows the list of keys.
"use strict";
(() => {
  const rows = [...document.querySelectorAll("[data-row]")];
  let at = -1;
  const typing = (target) => target.closest("input:not([type=checkbox]),textarea,select,[contenteditable]");
  const go = (step) => {
    if (!rows.length) return;
    rows[at]?.removeAttribute("data-here");
    at = Math.max(0, Math.min(rows.length - 1, at + step));
    rows[at].setAttribute("data-here", "");
    rows[at].querySelector("a").focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const keys = {
    j: () => go(1),
    k: () => go(-1),
    x: () => rows[at]?.querySelector("input[type=checkbox]")?.click(),
    "/": () => document.querySelector(".work-filters select, .work-filters input")?.focus(),
    "?": () => {
      const help = document.getElementById("keys");
      if (help) { help.open = !help.open; help.scrollIntoView({ block: "nearest" }); }
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  for (const link of document.querySelectorAll("[data-template]")) {
    link.addEventListener("click", (event) => {
      const text = document.getElementById("f-text");
      if (!text) return;
      event.preventDefault();
      text.value = text.value.trim() ? `${text.value.trim()}\n\n${link.dataset.template}` : link.dataset.template;
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  }
})();
