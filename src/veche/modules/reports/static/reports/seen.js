/* The list beside the map shows what the map shows: after each look the server draws it anew. */
"use strict";
(() => {
  const beside = document.querySelector("[data-map-seen]");
  if (!beside) return;
  let asked = 0;
  document.addEventListener("veche:seen", async ({ detail }) => {
    const turn = ++asked;
    const url = new URL(beside.dataset.mapSeen, location.href);
    for (const [key, value] of Object.entries(detail)) url.searchParams.set(key, value);
    try {
      const answer = await fetch(url);
      if (!answer.ok) return;
      const page = await answer.text();
      if (turn === asked) beside.innerHTML = page;
    } catch { /* The map says itself that it could not be reached. */ }
  });
})();
