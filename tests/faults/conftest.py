import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder that PostgreSQL's own account may enter too: pytest's are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="veche-faults-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
