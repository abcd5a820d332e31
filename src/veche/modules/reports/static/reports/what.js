// Narrows the list of subcategories while a word is typed; the button beside it does the same without scripts.
(() => {
  const field = document.querySelector("[data-seek]");
  if (!field) return;
  const groups = [...document.querySelectorAll("details.group")].map((group) => ({
    group,
    open: group.open,
    offers: [...group.querySelectorAll("[data-words]")].map((offer) => ({ offer, words: offer.dataset.words.split(" ") })),
  }));
  const told = document.querySelector("[data-found]"), nothing = document.querySelector("[data-nothing]");
  const before = told.textContent.trim();
  const fold = (text) => text.toLowerCase().normalize("NFC").replaceAll("ё", "е").split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  // The same as rules/choosing.py: a word without what languages change at its end.
  const stem = (word) => (word.length >= 6 ? word.slice(0, -2) : word.replace(/(?<=..)[аеиоуыэюяйьeis]$/, ""));

  field.addEventListener("input", () => {
    const stems = fold(field.value).map(stem);
    let found = 0;
    for (const { group, open, offers } of groups) {
      let here = 0;
      for (const { offer, words } of offers) {
        offer.hidden = !stems.every((one) => words.some((word) => word.startsWith(one)));
        here += !offer.hidden;
      }
      found += here;
      group.hidden = !here;
      group.open = stems.length ? here > 0 : open;
    }
    nothing.hidden = found > 0;
    if (before) return;
    told.textContent = stems.length && found ? told.dataset.found.replace("{n}", found) : "";
  });
  if (field.value) field.dispatchEvent(new Event("input"));
})();
