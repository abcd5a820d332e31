"""Our own icons, drawn on a square of 24: one line, the colour of the text beside it."""

# ruff: noqa: E501 - a drawing is looked at, not read line by line
from functools import cache, lru_cache

from markupsafe import Markup

BELL = (
    '<path d="M12 3v2m-6 12c1.5-1.6 1.7-3.4 1.7-6a4.3 4.3 0 0 1 8.6 0c0 2.6.2 4.4 1.7 6H6z"/>'
    '<path d="M10.4 20a1.8 1.8 0 0 0 3.2 0"/>'
)
DRAWINGS: dict[str, str] = {
    "bell": BELL,
    # statuses
    "new": '<circle cx="12" cy="12" r="8" stroke-dasharray="3.2 3"/>',
    "routed": '<path d="M4 12h11m-4-4 4 4-4 4M19.5 5v14"/>',
    "in_work": '<path d="M14.5 6.5a4 4 0 0 0-5 5L4 17l3 3 5.5-5.5a4 4 0 0 0 5-5L15 12l-3-3z"/>',
    "planned": '<path d="M4.5 6h15v14h-15zM4.5 10.5h15M8.5 3.5v4m7-4v4"/>',
    "answered": '<path d="M4 5h16v11h-9l-4.5 4v-4H4z"/><path d="m9 10.4 2.2 2.2 4-4.2"/>',
    "confirmed": '<circle cx="12" cy="12" r="8.5"/><path d="m8 12.3 2.8 2.8L16.2 9"/>',
    "sent_back": '<path d="M9 5 4.5 9.5 9 14"/><path d="M4.5 9.5H15a4.5 4.5 0 0 1 0 9h-4"/>',
    "refused": '<path d="M8.4 3.5h7.2l4.9 4.9v7.2l-4.9 4.9H8.4l-4.9-4.9V8.4z"/><path d="m9 9 6 6m0-6-6 6"/>',
    "duplicate": '<path d="M9 9h11v11H9z"/><path d="M15 9V4H4v11h5"/>',
    "not_ours": '<path d="M12 20v-7L5.5 6.5M12 13l6.5-6.5M5.5 11V6.5H10m4 0h4.5V11"/>',
    "overdue": '<path d="M7 3.5h10M7 20.5h10M8 3.5v3.2L12 12l4-5.3V3.5M8 20.5v-3.2L12 12l4 5.3v3.2"/>',
    "hidden": '<path d="M4 4l16 16M9.5 6.2A10 10 0 0 1 12 6c6 0 9 6 9 6l-2.2 3M6 8.2C4 9.8 3 12 3 12s3 6 9 6c1.4 0 2.6-.3 3.7-.8"/>',
    # categories: their shape is also their mark on the map
    "road": '<path d="M8 20 10 4m6 16L14 4M12 6v2m0 3v2m0 3v2"/>',
    "shield": '<path d="M12 3.5 19 6v6c0 4.3-3 7-7 8.5C8 19 5 16.3 5 12V6z"/><path d="M12 8.5v4.2m0 2.8v.2"/>',
    "people": '<circle cx="9" cy="8" r="3.2"/><path d="M3 19.5c0-4 2.4-6 6-6s6 2 6 6"/><path d="M15.5 5.2a3 3 0 0 1 0 5.7m2 2.9c2.2.6 3.5 2.5 3.5 5.7"/>',
    "lamp": '<path d="M7 21V9a5 5 0 0 1 10 0v1"/><path d="M13.5 10h7l1 4h-9zM4 21h6"/>',
    "alert": '<path d="M12 4 21 19.5H3z"/><path d="M12 10v4.5m0 2.4v.2"/>',
    "other": '<circle cx="12" cy="12" r="8"/><path d="M8 12h.1m3.9 0h.1m3.9 0h.1"/>',
    # things on pages
    "pin": '<path d="M12 21s-6.5-6.3-6.5-11a6.5 6.5 0 0 1 13 0c0 4.7-6.5 11-6.5 11z"/><circle cx="12" cy="10" r="2.3"/>',
    "house": '<path d="M3.5 11 12 4l8.5 7M6 9.5v10.5h12V9.5M10 20v-5.5h4V20"/>',
    "office": '<path d="M4 20.5h16M5.5 20.5V9.5M18.5 20.5V9.5M3.5 9.5h17L12 4zM9.8 20.5v-8m4.4 8v-8"/>',
    "seal": '<circle cx="12" cy="9.5" r="5.5"/><path d="m9.8 9.6 1.6 1.6 2.9-3M8.5 14l-1.5 7 5-2.6L17 21l-1.5-7"/>',
    "law": '<path d="M12 4v16m-5 0h10M5 7h14M5 7l-2.5 6.5h5zm14 0-2.5 6.5h5z"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.4 2"/>',
    "map": '<path d="m3.5 6.5 5.5-2 6 2 5.5-2v13l-5.5 2-6-2-5.5 2zM9 4.5v13m6-11v13"/>',
    "list": '<path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.1m-.1 5.5h.1m-.1 5.5h.1"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5.5 5.5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "photo": '<path d="M3.5 7.5h4l1.6-2.5h5.8l1.6 2.5h4v12h-17z"/><circle cx="12" cy="13" r="3.6"/>',
    "person": '<circle cx="12" cy="8.5" r="4"/><path d="M4.5 20.5c.6-4.3 3.4-6 7.5-6s6.9 1.7 7.5 6"/>',
    "eye": '<path d="M2.5 12s3.3-6.5 9.5-6.5 9.5 6.5 9.5 6.5-3.3 6.5-9.5 6.5S2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.8"/>',
    "mail": '<path d="M3.5 6h17v12.5h-17z"/><path d="m3.5 7 8.5 6.5L20.5 7"/>',
    "phone": '<path d="M6 3.5h3.5L11 8.5l-2.3 1.7a11 11 0 0 0 5 5l1.8-2.2 5 1.5V18c0 1.4-1 2.5-2.5 2.5C10.5 20.5 3.5 13.5 3.5 6c0-1.5 1-2.5 2.5-2.5z"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5m0-9v.2"/>',
    "next": '<path d="m9 5 7 7-7 7"/>',
    "back": '<path d="m15 5-7 7 7 7"/>',
    "done": '<path d="m4.5 12.5 5 5 10-11"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "feed": '<path d="M5 11a8 8 0 0 1 8 8M5 5a14 14 0 0 1 14 14"/><circle cx="6" cy="18" r="1"/>',
    "print": '<path d="M7 8.5V3.5h10v5M7 17H4V8.5h16V17h-3M7 14h10v6.5H7z"/>',
    "out": '<path d="M10 4H4.5v16H10m4-12 4 4-4 4m4-4H9"/>',
    "filter": '<path d="M4 5.5h16l-6 7v6.5l-4-2v-4.5z"/>',
}


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "", size: str = "") -> Markup:
    """Draw an icon. Without a label it is silent: the word beside it is what is read.

    An unknown name draws the dots of "other", so that a city pack may name symbols of its own.
    """
    speech = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    shape = Markup(DRAWINGS.get(name, DRAWINGS["other"]))  # noqa: S704 - our own drawings
    return Markup('<svg class="i{}" viewBox="0 0 24 24"{}>{}</svg>').format(
        f" {size}" if size else "", speech, shape
    )


@cache
def sprite(*names: str) -> Markup:
    """Symbols for scripts that draw many marks: `<use href="#i-pin">`."""
    chosen = names or tuple(DRAWINGS)
    symbols = (f'<symbol id="i-{name}" viewBox="0 0 24 24">{DRAWINGS[name]}</symbol>' for name in chosen)
    return Markup('<svg class="sprite" aria-hidden="true" hidden>{}</svg>').format(
        Markup("".join(symbols))  # noqa: S704 - our own drawings
    )
