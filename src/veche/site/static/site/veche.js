// Small comforts; every page works without them.
(() => {
  const html = document.documentElement;
  const all = (what, on = document) => on.querySelectorAll(what);
  const store = (() => { try { return localStorage; } catch { return null; } })();
  const keep = (name, value) => {
    document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax`;
  };

  // Settings of the look take effect at once.
  for (const form of all("form[data-look]")) {
    form.addEventListener("change", () => {
      const chosen = Object.fromEntries(new FormData(form));
      html.dataset.theme = chosen.theme;
      keep("theme", chosen.theme);
      const parts = ["size", "contrast", "spacing", "images"].map((key) => {
        html.dataset[key] = chosen[key];
        return `${key}-${chosen[key]}`;
      });
      keep("look", parts.join("."));
    });
  }

  // How many characters are left.
  for (const area of all("textarea[data-count]")) {
    const line = document.createElement("p");
    line.className = "count";
    area.after(line);
    const tell = () => { line.textContent = `${area.dataset.count} ${area.maxLength - area.value.length}`; };
    area.addEventListener("input", tell);
    tell();
  }

  // What is typed is kept in this browser until the form is sent or the text is emptied.
  for (const area of all("[data-draft]")) {
    const key = `draft:${location.pathname}:${area.dataset.draft}`;
    const kept = store?.getItem(key);
    if (kept && !area.value) {
      area.value = kept;
      area.dispatchEvent(new Event("input"));
    }
    area.addEventListener("input", () => {
      try {
        if (area.value) store?.setItem(key, area.value);
        else store?.removeItem(key);
      } catch { /* a full store is no reason to disturb */ }
    });
    area.form?.addEventListener("submit", () => {
      try {
        sessionStorage.setItem("sent", key);
      } catch { /* the draft then stays, which harms nobody */ }
    });
  }
  // A draft is dropped only when the page after it shows no error, nor the sign-in of somebody whose session ended.
  try {
    const sent = sessionStorage.getItem("sent");
    const failed = (performance.getEntriesByType("navigation")[0]?.responseStatus || 200) >= 400;
    const asked = location.pathname.startsWith("/accounts/");
    const moved = sent && (!document.querySelector("[data-draft]") || !location.pathname.endsWith(sent.split(":")[1]));
    if (moved && !asked && !failed && !document.querySelector(".summary,.error")) store?.removeItem(sent);
    sessionStorage.removeItem("sent");
  } catch { /* as above */ }

  // Who goes back to a form that the browser kept, and sends it anew, means a new act.
  addEventListener("pageshow", (shown) => {
    if (!shown.persisted) return;
    for (const key of all("input[name=once]")) {
      key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
    }
  });

  // The first mistake is what the reader needs.
  document.querySelector(".summary")?.focus();

  // Keys: / search, j and k along the rows, Enter opens, ? shows the help.
  const go = (step) => {
    const rows = [...all("[data-row]")];
    if (!rows.length) return;
    const was = rows.findIndex((row) => row.matches(".here"));
    const at = Math.max(0, Math.min(rows.length - 1, was + step));
    rows[was]?.classList.remove("here");
    rows[at].classList.add("here");
    (rows[at].querySelector("a") || rows[at]).focus();
  };
  document.addEventListener("keydown", (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey || press.target.matches("input,textarea,select")) return;
    const help = document.querySelector("[data-keys]");
    const search = document.querySelector("[data-search],input[type=search]");
    if (press.key === "j") go(1);
    else if (press.key === "k") go(-1);
    else if (press.key === "/" && search) {
      search.closest("details")?.setAttribute("open", "");
      search.focus();
    } else if (press.key === "?" && help) help.toggleAttribute("open");
    else return;
    press.preventDefault();
  });

  // The bell swings once when something new was answered.
  const bell = document.querySelector("[data-unread]");
  try {
    if (bell && sessionStorage.getItem("unread") !== bell.dataset.unread) {
      sessionStorage.setItem("unread", bell.dataset.unread);
      bell.classList.add("ring");
    }
  } catch { /* then it stays still */ }

  // A list that goes on growing: what is new comes in by itself, unless somebody looks away or stands in it.
  for (const list of all("[data-live]")) setInterval(async () => {
    if (document.hidden || list.contains(document.activeElement)) return;
    try {
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = answer.ok && page.getElementById(list.id);
      if (fresh && fresh.innerHTML !== list.innerHTML) list.replaceChildren(...fresh.childNodes);
    } catch { /* the line is gone; the next look may find it again */ }
  }, 15000);

  for (const button of all("[data-print]")) button.addEventListener("click", () => print());
})();
