"""Every test begins without counted attempts."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()
