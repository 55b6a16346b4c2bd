"""The commands that run in a terminal, without a window."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from desktop.demo.files import DemoError, DemoFiles, generate_apart
from desktop.demo.registry import RegistryApp
from desktop.demo.registry import serve as serve_app
from desktop.demo.registry_store import RegistryStore
from desktop.doctor import as_text, exit_code, run_checks
from desktop.paths import Paths, default_paths
from desktop.settings import Settings, SettingsError, load_settings
from desktop.store.cache import close_cache, open_cache
from desktop.store.errors import StoreError
from desktop.work.sync_report import sync_in_terminal
from layers import CatalogError, load_layers

USAGE = 2


def _settled(command: str, work: Callable[[Settings, Paths], int]) -> int:
    """Run a command with its settings; what is wrong is one line on the error stream."""
    try:
        paths = default_paths()
        return work(load_settings(paths), paths)
    except (SettingsError, CatalogError, StoreError, DemoError) as error:
        sys.stderr.write(f"vigie {command}: {error}\n")
    except OSError as error:
        sys.stderr.write(f"vigie {command}: {error.filename or ''}: {error.strerror}\n")
    return USAGE


def sync(url: str | None, mapping: Path | None, as_json: bool, yes: bool) -> int:
    """Bring the cache in step with a registry; the exit code of `sync_in_terminal`, 2 for bad settings."""

    def work(settings: Settings, paths: Paths) -> int:
        given = {"url": url, "mapping": mapping}
        changes = {name: value for name, value in given.items() if value is not None}
        registry = msgspec.structs.replace(settings.registry, **changes)
        layers = load_layers(*_folders(paths))
        cache = open_cache(paths.cache_db)
        try:
            return sync_in_terminal(registry, cache, layers, as_json=as_json, yes=yes)
        finally:
            close_cache(cache)

    return _settled("sync", work)


def serve(host: str, port: int) -> int:
    """Serve the demo metropolis, made first if need be, until interrupted."""

    def work(settings: Settings, paths: Paths) -> int:
        files, demo = DemoFiles(paths.demo), settings.demo
        if not files.holds(demo.seed, demo.assets):
            sys.stderr.write("Making the demo metropolis, once...\n")
            generate_apart(files, demo.seed, demo.assets, lambda _what, _share: None)
        store = RegistryStore(files.registry)
        try:
            serve_app(RegistryApp(store), host, port, ready=lambda url: print_line(f"Serving at {url}"))
        finally:
            store.close()
        return 0

    return _settled("registry serve", work)


def doctor(as_json: bool) -> int:
    """Check the installation; the exit code says how it is."""
    paths = default_paths()
    checks = run_checks(paths)
    if as_json:
        print_line(msgspec.json.encode(checks).decode())
    else:
        print_line(as_text(checks))
    return exit_code(checks)


def print_line(text: str) -> None:
    """Write a line to the output, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _folders(paths: Paths) -> list[Path]:
    return [paths.layers] if paths.layers.is_dir() else []
