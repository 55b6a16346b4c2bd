"""The window's layout, remembered from one day to the next."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
from qtpy.QtCore import QByteArray, QSettings

from desktop.map.display import Display, LayerDisplay

VERSION = 1


class SavedLayers(msgspec.Struct, frozen=True):
    """What was chosen of the layers."""

    layers: dict[str, LayerDisplay] = {}
    commune: str | None = None


class Layout:
    """An INI file of the window's geometry, panels and choices. A damaged file is as good as none."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)
        if self.integer("version", 0) not in (0, VERSION):
            self._settings.clear()

    def put(self, key: str, value: str | int | bool | bytes) -> None:
        """Remember a value."""
        kept: object = value
        if isinstance(value, bytes):
            kept = bytes(QByteArray(value).toBase64().data()).decode()
        self._settings.setValue(key, kept)

    def text(self, key: str, otherwise: str) -> str:
        """A text, or the default."""
        value = self._settings.value(key)
        return value if isinstance(value, str) else otherwise

    def integer(self, key: str, otherwise: int) -> int:
        """A whole number, or the default when it is absent or not a number."""
        try:
            return int(str(self._settings.value(key)))
        except ValueError:
            return otherwise

    def flag(self, key: str, otherwise: bool) -> bool:
        """A switch, or the default."""
        return {"true": True, "false": False}.get(str(self._settings.value(key)).lower(), otherwise)

    def data(self, key: str) -> QByteArray:
        """Bytes; empty when there are none."""
        return QByteArray.fromBase64(self.text(key, "").encode())

    def save_layers(self, display: Display, layers: list[str]) -> None:
        """Remember visibility, opacity and filters."""
        saved = SavedLayers({name: display.of(name) for name in layers}, display.commune)
        self.put("layers", msgspec.json.encode(saved))

    def restore_layers(self, display: Display, layers: list[str]) -> None:
        """Show the layers as they were shown; layers that did not exist then keep their defaults."""
        try:
            saved = msgspec.json.decode(self.data("layers").data(), type=SavedLayers)
        except (msgspec.MsgspecError, json.JSONDecodeError):
            return
        for name in layers:
            chosen = saved.layers.get(name)
            if chosen is not None:
                display.set_visible(name, chosen.visible)
                display.set_opacity(name, chosen.opacity)
                display.set_conditions(name, chosen.conditions)
        display.set_commune(saved.commune)

    def flush(self) -> None:
        """Write the file now."""
        self._settings.setValue("version", VERSION)
        self._settings.sync()
