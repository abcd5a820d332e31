// "I am here", and the map one can move, which is fetched only when somebody asks for it.
(() => {
  const files = document.currentScript.dataset.load.split(" ");
  const root = document.querySelector("[data-map-later]");
  const tools = root?.querySelector("template[data-tools]");
  if (!tools) return;
  const lat = document.getElementById(root.dataset.pickLat), lon = document.getElementById(root.dataset.pickLon);
  const box = document.getElementById("f-box"), status = root.querySelector("[data-map-status]");
  const words = JSON.parse(root.dataset.words);
  const bar = tools.content.cloneNode(true).firstElementChild;
  root.prepend(bar);
  const here = bar.querySelector("[data-here]"), open = bar.querySelector("[data-open]");

  const fetched = (file) => new Promise((done, failed) => {
    const style = /\.css(\?|$)/.test(file);
    const part = document.createElement(style ? "link" : "script");
    if (style) { part.rel = "stylesheet"; part.href = file; } else part.src = file;
    part.onload = done;
    part.onerror = failed;
    document.head.append(part);
  });

  // The place the device tells is put like any other pin: the server answers with the picture around it.
  function send(act) {
    const press = document.createElement("button");
    press.name = "act";
    press.value = act;
    press.hidden = true;
    lat.form.append(press);
    lat.form.requestSubmit(press);
  }

  if (navigator.geolocation) {
    here.hidden = false;
    here.addEventListener("click", () => {
      status.textContent = words.looking;
      navigator.geolocation.getCurrentPosition(
        (found) => {
          lat.value = found.coords.latitude.toFixed(6);
          lon.value = found.coords.longitude.toFixed(6);
          send("here");
        },
        () => { status.textContent = words.lost; },
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
      );
    });
  }

  open.addEventListener("click", async () => {
    open.disabled = true;
    try {
      for (const file of files) await fetched(file);
      if (lat.value && lon.value) { root.dataset.lat = lat.value; root.dataset.lon = lon.value; }
      bar.remove();
      window.vecheMap(root);
      root.querySelector(".map-canvas")?.focus();
    } catch {
      open.disabled = false;
      status.textContent = words.failed;
    }
  });
  root.addEventListener("veche:pin", () => {
    box.value = "";
    const told = document.querySelector("[data-pin-words]");
    if (told) told.hidden = true;
  });
})();
