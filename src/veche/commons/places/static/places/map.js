/* Our maps, drawn with Leaflet. A map is an element with `data-map`; the macro in places/map.html writes it.

   data-ground   address of places.geojson        data-box      west,south,east,north that is shown first
   data-lat/-lon/-zoom  a point shown first       data-tiles, -min-zoom, -max-zoom, -attribution  tiles, if any
   data-clusters address of marks, asked with box=west,south,east,north and zoom; it answers
                 {"marks": [{lat, lon, n, size, svg, words, url, open}]}: how many, how wide in pixels, the drawing on
                 a square of 30, what it says, where it leads, and whether that is one thing (open) or a closer look
   data-pick-lat, data-pick-lon   ids of the inputs that hold a pin; with them the map asks for a point
   data-label, data-words   the name of the map; JSON of texts

   Children with `data-map-plain` are hidden once the map is drawn; `data-map-status` is told what happens.
   `template[data-symbol=pin]` holds the drawing of the pin.
   Scripts that load Leaflet later, or set attributes first, call `vecheMap(element)`; it answers the Leaflet map.
   Events on the element: `veche:pin` {lat, lon} after a pin was put; `veche:seen` {box, zoom} after marks were drawn; send `veche:marks` with an address as its detail
   to show other marks. */
"use strict";
(() => {
  const HEAP_OPENS = 11;
  const SVG = "http://www.w3.org/2000/svg";
  const language = document.documentElement.lang || "en";
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const json = (text, otherwise) => { try { return JSON.parse(text); } catch { return otherwise; } };
  const say = (words, name, n) => (words[name] || "").replace("{n}", n);
  const named = (names) => names[language] || names.en || Object.values(names)[0] || "";
  const place = (lat, lon) => L.latLng(Number(lat), Number(lon));
  const boxOf = (bounds) => [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];

  function address(base, more) {
    const url = new URL(base, location.href);
    for (const [key, value] of Object.entries(more)) url.searchParams.set(key, value);
    return url;
  }

  /* Whole tiles around what is seen: two readers who look at about the same ask for exactly the same. */
  function squareAround(map) {
    const zoom = Math.max(0, Math.floor(map.getZoom()) - 1);
    const side = 256;
    const pixels = map.getBounds();
    const low = map.project(pixels.getNorthWest(), zoom).divideBy(side).floor();
    const high = map.project(pixels.getSouthEast(), zoom).divideBy(side).ceil();
    return L.latLngBounds(map.unproject(low.multiplyBy(side), zoom), map.unproject(high.multiplyBy(side), zoom));
  }

  function drawGround(map, source) {
    const layer = L.layerGroup().addTo(map);
    let had = null, hadLevel = null, asked = 0;
    map.createPane("names").classList.add("map-names");

    function show(collection) {
      layer.clearLayers();
      L.geoJSON(collection, {
        interactive: false,
        style: (one) => ({
          className: `ground depth-${Math.min(one.properties.depth, 2)}${one.properties.approximate ? " about" : ""}`,
        }),
      }).addTo(layer);
      nameThem(collection.features);
    }

    /* The most specific names that fit; a place of which parts are named needs none. */
    function nameThem(features) {
      const taken = [], partsNamed = new Set();
      const sorted = features.filter((one) => one.properties.depth > 0)
        .sort((a, b) => b.properties.depth - a.properties.depth);
      for (const one of sorted) {
        if (partsNamed.has(one.properties.code)) continue;
        const bounds = L.geoJSON(one).getBounds();
        const width = map.latLngToLayerPoint(bounds.getNorthEast()).x - map.latLngToLayerPoint(bounds.getSouthWest()).x;
        const name = named(one.properties.names);
        if (width < name.length * 6.5) continue;
        const at = map.latLngToLayerPoint(place(one.properties.at[1], one.properties.at[0]));
        const half = name.length * 3.6;
        if (taken.some((other) => Math.abs(other.x - at.x) < other.half + half && Math.abs(other.y - at.y) < 18)) continue;
        taken.push({ x: at.x, y: at.y, half });
        partsNamed.add(one.properties.parent);
        const word = document.createElement("span");
        word.textContent = name;
        L.marker(place(one.properties.at[1], one.properties.at[0]), {
          pane: "names", interactive: false, keyboard: false,
          icon: L.divIcon({ className: "map-name", html: word, iconSize: [0, 0] }),
        }).addTo(layer);
      }
    }

    async function load() {
      const zoom = Math.round(map.getZoom());
      if (had && hadLevel === zoom && had.contains(map.getBounds())) return;
      const square = squareAround(map), turn = ++asked;
      try {
        const answer = await fetch(address(source, { zoom, box: boxOf(square).map((n) => n.toFixed(5)).join() }));
        if (!answer.ok || turn !== asked) return;
        const collection = await answer.json();
        if (turn !== asked) return;
        show(collection);
        had = square; hadLevel = zoom;
      } catch { /* The marks are of use without the ground as well. */ }
    }
    map.on("moveend", load);
    load();
  }

  /* The server draws the marks, so that they are the same with and without scripts. */
  function drawnMark(one) {
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", "0 0 30 30");
    picture.setAttribute("width", one.size);
    picture.setAttribute("height", one.size);
    picture.setAttribute("aria-hidden", "true");
    const parsed = new DOMParser().parseFromString(`<svg xmlns="${SVG}">${one.svg}</svg>`, "image/svg+xml");
    if (!parsed.querySelector("parsererror")) picture.append(...parsed.documentElement.childNodes);
    return picture;
  }

  function markOf(map, one) {
    const marker = L.marker([one.lat, one.lon], {
      riseOnHover: true,
      icon: L.divIcon({ className: "mark", html: drawnMark(one), iconSize: [one.size, one.size] }),
    });
    marker.on("add", () => {
      marker.getElement().setAttribute("aria-label", one.words);
      marker.getElement().title = one.words;
    });
    if (!one.open) {
      const closer = () => {
        map.closePopup();
        map.setView([one.lat, one.lon], Math.min(map.getZoom() + 2, map.getMaxZoom()), { animate: !still });
      };
      // Leaflet lets Enter open popups only; a button also answers to the space bar.
      marker.on("keypress", (event) => {
        if (event.originalEvent.key === "Enter" || event.originalEvent.key === " ") closer();
      });
      return marker.on("click", closer);
    }
    const link = document.createElement("a");
    link.href = one.url;
    link.textContent = one.words;
    return marker.bindPopup(link);
  }

  function drawMarks(map, root, source, words) {
    const layer = L.layerGroup().addTo(map);
    const status = root.querySelector("[data-map-status]");
    const held = (degrees, most) => Math.max(-most, Math.min(most, degrees)).toFixed(6);
    // A map nobody has pointed anywhere opens where the things are, not on one heap in the middle of a region.
    let asked = 0, wait = 0, opening = !root.dataset.lat;
    const isHeap = (marks) => marks.length === 1 && !marks[0].open && map.getZoom() < HEAP_OPENS;

    // Between two whole zooms the marks of the lower one are asked for: those of the higher would lie on each other.
    async function load() {
      const turn = ++asked;
      const [west, south, east, north] = boxOf(map.getBounds().pad(0.1));
      const box = [held(west, 180), held(south, 85), held(east, 180), held(north, 85)].join();
      try {
        const answer = await fetch(address(source, { box, zoom: Math.floor(map.getZoom()) }));
        if (turn !== asked) return;
        if (!answer.ok) throw new Error(String(answer.status));
        const { marks } = await answer.json();
        if (turn !== asked) return;
        if (opening && isHeap(marks)) {
          map.setView([marks[0].lat, marks[0].lon], map.getZoom() + 2, { animate: false });
          return;
        }
        opening = false;
        const seen = boxOf(map.getBounds()).map((degree, at) => held(degree, at % 2 ? 85 : 180)).join();
        root.dispatchEvent(new CustomEvent("veche:seen", { bubbles: true, detail: { box: seen, zoom: Math.floor(map.getZoom()) } }));
        const focused = layer.getLayers().some((one) => one.getElement() === document.activeElement);
        const opened = layer.getLayers().find((one) => one.isPopupOpen && one.isPopupOpen());
        layer.clearLayers();
        let total = 0;
        for (const one of marks) {
          total += one.n;
          const marker = markOf(map, one).addTo(layer);
          if (opened && one.open && opened.getLatLng().equals(marker.getLatLng())) {
            // It stays open where it is; the map must not move back to it.
            marker.getPopup().options.autoPan = false;
            marker.openPopup();
          }
        }
        if (focused) map.getContainer().focus({ preventScroll: true });
        if (status) status.textContent = total ? say(words, "shown", total) : say(words, "none");
      } catch {
        if (status && turn === asked) status.textContent = say(words, "failed");
      }
    }
    map.on("moveend", () => { clearTimeout(wait); wait = setTimeout(load, 120); });
    root.addEventListener("veche:marks", (event) => { source = event.detail; load(); });
    load();
  }

  function button(text, act) {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "button quiet-button small";
    one.textContent = text;
    one.addEventListener("click", act);
    return one;
  }

  function pick(map, root, latInput, lonInput, words) {
    const status = root.querySelector("[data-map-status]");
    const pinShape = document.createElement("span");
    pinShape.className = "mark-pin";
    const drawn = root.querySelector('template[data-symbol="pin"]');
    if (drawn) pinShape.append(drawn.content.cloneNode(true));
    let pin = null;
    const tell = (name) => { if (status) status.textContent = say(words, name); };

    function put(at, aloud = true) {
      if (!pin) {
        pin = L.marker(at, { draggable: true, title: words.pin, icon: L.divIcon({ className: "picked", html: pinShape, iconSize: [36, 36], iconAnchor: [18, 34] }) });
        pin.on("dragend", () => put(pin.getLatLng()));
        pin.addTo(map);
      }
      pin.setLatLng(at);
      latInput.value = at.lat.toFixed(6);
      lonInput.value = at.lng.toFixed(6);
      if (aloud) tell("set");
      latInput.dispatchEvent(new Event("change", { bubbles: true }));
      root.dispatchEvent(new CustomEvent("veche:pin", { bubbles: true, detail: { lat: at.lat, lon: at.lng } }));
    }

    map.on("click", (event) => put(event.latlng));
    const bar = document.createElement("p");
    bar.className = "map-turns";
    if (navigator.geolocation) {
      bar.append(button(words.here, () => {
        tell("looking");
        navigator.geolocation.getCurrentPosition(
          (found) => {
            const at = place(found.coords.latitude, found.coords.longitude);
            map.setView(at, Math.max(map.getZoom(), 16), { animate: !still });
            put(at);
          },
          () => tell("lost"),
          { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
        );
      }), " ");
    }
    bar.append(button(words.middle, () => put(map.getCenter())));
    map.getContainer().after(bar);
    if (latInput.value && lonInput.value) put(place(latInput.value, lonInput.value), false);
  }

  function start(root) {
    if (root.vecheMap || !window.L) return root.vecheMap;
    const given = root.dataset;
    const words = json(given.words, {});
    const canvas = document.createElement("div");
    canvas.className = "map-canvas";
    canvas.setAttribute("role", "region");
    canvas.setAttribute("aria-label", given.label || words.map || "");
    for (const old of root.querySelectorAll("[data-map-plain]")) old.hidden = true;
    root.prepend(canvas);
    const map = L.map(canvas, {
      // Lines can be drawn at any scale, so the first look fills the map; tiles are sharp at whole ones only.
      minZoom: 3, maxZoom: 19, zoomSnap: given.tiles ? 1 : 0.25, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still,
      attributionControl: Boolean(given.attribution), zoomControl: false,
    });
    root.vecheMap = map;
    L.control.zoom({ zoomInTitle: words.closer, zoomOutTitle: words.farther }).addTo(map);
    map.on("popupopen", ({ popup }) => {
      const close = popup.getElement().querySelector(".leaflet-popup-close-button");
      if (close && words.close) close.setAttribute("aria-label", words.close);
    });
    if (map.attributionControl) map.attributionControl.setPrefix(false);
    if (given.lat && given.lon) map.setView(place(given.lat, given.lon), Number(given.zoom || 15));
    else {
      const [west, south, east, north] = (given.box || "-180,-60,180,75").split(",").map(Number);
      map.fitBounds([[south, west], [north, east]]);
    }
    if (given.tiles) {
      L.tileLayer(given.tiles, {
        minZoom: Number(given.minZoom || 0), maxNativeZoom: Number(given.maxZoom || 18), maxZoom: 19, attribution: given.attribution || "",
      }).addTo(map);
    } else if (given.ground) drawGround(map, given.ground);
    if (given.clusters) drawMarks(map, root, given.clusters, words);
    const latInput = document.getElementById(given.pickLat), lonInput = document.getElementById(given.pickLon);
    if (latInput && lonInput) pick(map, root, latInput, lonInput, words);
    return map;
  }

  window.vecheMap = start;
  const all = () => document.querySelectorAll("[data-map]").forEach(start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all); else all();
})();
