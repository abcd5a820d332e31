"""Real data that may lie beside the checkout, and the browser that may be installed; tests that need them say so."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
PACKS = Path(__file__).resolve().parent / "packs"
CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared data do not lie beside this checkout"
)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here (Debian: apt install chromium)"
)
