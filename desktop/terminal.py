"""The commands that run in a terminal, without a window."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import msgspec

from desktop.demo.field_script import Script, ScriptError, load_script
from desktop.demo.files import DemoError, DemoFiles, generate_apart
from desktop.demo.registry import RegistryApp
from desktop.demo.registry import serve as serve_app
from desktop.demo.registry_store import RegistryStore
from desktop.doctor import as_text, exit_code, run_checks
from desktop.paths import Paths, default_paths
from desktop.settings import Settings, SettingsError, load_settings, warnings_about, with_broker
from desktop.store.cache import close_cache, open_cache, rebuilding
from desktop.store.errors import StoreError
from desktop.work.sync_report import sync_in_terminal
from layers import CatalogError, load_layers

USAGE = 2
STOPPED = 128
"""Added to the number of the signal that ended a command, as shells do."""


def _settled(command: str, work: Callable[[Settings, Paths], int]) -> int:
    """Run a command with its settings; what is wrong is one line on the error stream."""
    for warning in warnings_about(os.environ):
        sys.stderr.write(f"vigie {command}: {warning}\n")
    try:
        paths = default_paths()
        with interruptible():
            return work(load_settings(paths), paths)
    except (SettingsError, CatalogError, StoreError, DemoError, ScriptError) as error:
        line = str(error)
    except OSError as error:
        line = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
    except KeyboardInterrupt as stop:
        sys.stderr.write(f"vigie {command}: stopped; what was done so far is kept\n")
        return STOPPED + int(stop.args[0] if stop.args else signal.SIGINT)
    sys.stderr.write(f"vigie {command}: {line}\n")
    return USAGE


@contextmanager
def interruptible() -> Iterator[None]:
    """End by KeyboardInterrupt, on Ctrl-C and when the system asks to, so that files are closed."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt(number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def sync(url: str | None, mapping: Path | None, as_json: bool, yes: bool) -> int:
    """Bring the cache in step with a registry; the exit code of `sync_in_terminal`, 2 for bad settings."""

    def work(settings: Settings, paths: Paths) -> int:
        given = {"url": url, "mapping": mapping}
        changes = {name: value for name, value in given.items() if value is not None}
        registry = msgspec.structs.replace(settings.registry, **changes)
        if registry.url is None:
            raise SettingsError(
                f"no registry is known; give its address, or set registry.url in {paths.settings_file}"
            )
        layers = load_layers(*_folders(paths))
        cache = open_cache(paths.cache_db)
        if cache.rebuilt:
            sys.stderr.write(f"vigie sync: {rebuilding(cache)}\n")
        try:
            return sync_in_terminal(registry, cache, layers, as_json=as_json, yes=yes)
        finally:
            close_cache(cache)

    return _settled("sync", work)


def serve(host: str, port: int) -> int:
    """Serve the demo metropolis, made first if need be, until interrupted."""

    def work(settings: Settings, paths: Paths) -> int:
        files, demo = DemoFiles(paths.demo), settings.demo
        refuse_taken(host, port)
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


def field(broker: str, script: Path | None, assets: int | None, seed: int | None) -> int:
    """Run the demo metropolis's equipment against a broker until interrupted; 0 when it was."""

    from desktop.demo.field_service import FieldService

    def work(settings: Settings, paths: Paths) -> int:
        feed = with_broker(settings, broker).feed
        events = Script() if script is None else load_script(script)
        known = settings.demo
        wanted = (known.seed if seed is None else seed, known.assets if assets is None else assets)
        files = DemoFiles(paths.demo if wanted == (known.seed, known.assets) else paths.data / "field")
        if not files.holds(*wanted):
            sys.stderr.write("Making the demo metropolis, once...\n")
            generate_apart(files, *wanted, lambda _what, _share: None)
        service = FieldService(files, feed, events, seed=wanted[0], say=print_line)
        try:
            service.run()
        except KeyboardInterrupt:
            service.stop()
        return 0

    return _settled("field", work)


def refuse_taken(host: str, port: int) -> None:
    """Raise OSError, one line, where nothing can be served: before anyone waits for the metropolis."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            raise OSError(f"{host}:{port}: {error.strerror}; choose another --port or --host") from error


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
