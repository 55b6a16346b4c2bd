"""Where Vigie keeps its files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs

APPLICATION = "vigie"


class Paths(msgspec.Struct, frozen=True):
    """The four folders of one user; nothing is created before something is written there."""

    config: Path
    data: Path
    cache: Path
    log: Path

    @property
    def settings_file(self) -> Path:
        """What the user or the administrator chose, in TOML."""
        return self.config / "vigie.toml"

    @property
    def layout_file(self) -> Path:
        """How the windows were left."""
        return self.config / "layout.ini"

    @property
    def layers(self) -> Path:
        """Folder of layer files added to those of the catalog."""
        return self.config / "layers"

    @property
    def operators_file(self) -> Path:
        """Who may sign in at this workstation, in TOML."""
        return self.config / "operators.toml"

    @property
    def desks(self) -> Path:
        """Folder of desk files added to those shipped."""
        return self.config / "desks"

    @property
    def audit_anchors(self) -> Path:
        """Where the head of the audit chain is written down, outside the work file."""
        return self.data / "audit-anchors.jsonl"

    @property
    def audit_segments(self) -> Path:
        """Folder of the sealed months of the audit log."""
        return self.data / "audit"

    @property
    def work_db(self) -> Path:
        """What cannot be fetched again."""
        return self.data / "work.db"

    @property
    def feed_file(self) -> Path:
        """How many payloads of the live feed were bad when Vigie last closed."""
        return self.cache / "feed.json"

    @property
    def demo(self) -> Path:
        """Folder of the demo metropolis."""
        return self.data / "demo"

    @property
    def cache_db(self) -> Path:
        """What can be fetched again."""
        return self.cache / "cache.db"


def default_paths(environment: Mapping[str, str] | None = None) -> Paths:
    """The platform's usual folders, or folders under VIGIE_HOME when that is set."""
    home = (os.environ if environment is None else environment).get("VIGIE_HOME", "")
    if home:
        root = Path(home).expanduser().absolute()
        return Paths(root / "config", root / "data", root / "cache", root / "log")
    dirs = platformdirs.PlatformDirs(APPLICATION, appauthor=False)
    return Paths(dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path, dirs.user_log_path)
