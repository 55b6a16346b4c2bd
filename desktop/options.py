"""What the `vigie` command asks of the application."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Choices of one run; None leaves what the settings say."""

    screenshot: Path | None = None
    size: tuple[int, int] | None = None
    """Logical pixels."""
    view: tuple[float, float, float] | None = None
    """Longitude, latitude, zoom."""
    layers: tuple[str, ...] | None = None
    theme: str | None = None
    locale: str | None = None
    select: str | None = None
    """``layer/id`` of the object to select."""
