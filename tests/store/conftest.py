"""A cache on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.store.cache import open_cache
from desktop.store.database import Database
from layers import load_layers


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Database]:
    """An empty cache that knows the catalog."""
    database = open_cache(tmp_path / "cache" / "cache.db", load_layers().values())
    yield database
    database.close()
