"""The composition root: the only module that knows everyone."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Mapping

os.environ.setdefault("QT_API", "pyside6")

import msgspec
from qtpy.QtCore import QCoreApplication, Qt, QTimer
from qtpy.QtGui import QGuiApplication
from qtpy.QtWidgets import QApplication

from desktop.hub import Hub
from desktop.inbox import Inbox
from desktop.keeping import WorkFile
from desktop.link.topics import console_level
from desktop.logbook import Logbook, tell_terminal
from desktop.map.canvas import Canvas
from desktop.map.display import Display
from desktop.map.ground import GroundSource
from desktop.map.selection import Selection
from desktop.map.theme import load_theme
from desktop.map.viewport import Viewport, read_view, resting
from desktop.mercator import to_mercator, to_wgs84
from desktop.operations import Operations
from desktop.options import Options
from desktop.panels.language import install_translation, resolve_locale
from desktop.panels.layout import Layout
from desktop.panels.look import SANS, Look, load_fonts
from desktop.panels.window import MainWindow
from desktop.paths import Paths, default_paths
from desktop.settings import Settings, SettingsError, load_settings, warnings_about
from desktop.snapshot import Snapshot, cannot_write
from desktop.sources import BasemapReady, Sources, SourceTrouble
from desktop.store.audit import AuditLog
from desktop.store.cache import close_cache, open_cache, rebuilding
from desktop.store.errors import StoreError
from desktop.store.search import declare
from desktop.store.sources import last_success
from desktop.store.work_db import open_work
from desktop.work.desks import DeskError, shipped_desks
from desktop.work.mapping import MappingError
from desktop.work.operators import LocalIdentity, OperatorsError
from desktop.work.picture import ObjectKey, Picture
from desktop.work.sync_summary import SyncSummary
from layers import CatalogError, load_layers
from layers.definition import LayerDefinition

SWITCH_S = 0.0005
"""How long a busy thread may keep the interpreter from the UI thread; Python's own 5 ms is half a frame."""

LATEST_MS = 1500
"""News is asked for once the cached picture stands, and no later than this."""


class OptionError(Exception):
    """An option that cannot be followed, in one line."""


class Application:
    """Everything of one run, built and connected."""

    def __init__(
        self,
        qt: QApplication,
        settings: Settings,
        paths: Paths,
        layers: Mapping[str, LayerDefinition],
        options: Options,
    ) -> None:
        self._settings, self._paths, self._options = settings, paths, options
        # A picture must not depend on how the windows were left.
        self._viewed = False
        layout = self._layout = Layout(
            paths.layout_file if options.screenshot is None else paths.config / "picture.ini"
        )
        self.locale = resolve_locale(options.locale or layout.text("locale", settings.appearance.locale))
        self._translators = install_translation(qt, self.locale)
        theme = options.theme or layout.text("theme", settings.appearance.theme)
        self.look = Look(load_theme(system_theme() if theme == "system" else theme), self.locale)
        self.cache = open_cache(paths.cache_db)
        self.cache.submit(lambda db: declare(db, layers.values()))
        self.inbox = Inbox()
        self.picture = Picture(layers)
        self.hub = Hub(self.picture, self.cache, self.inbox, time.time)
        self.sources = Sources(settings, paths, layers, self.cache, self.inbox.put, time.time)
        self.operations = self._make_operations()
        self.display, self.selection = Display(layers), Selection()
        self.canvas = self._make_canvas()
        self.window = self._make_window()
        self.hub.received.connect(self._on_received)
        self.operations.alarms_changed.connect(self._on_alarms)
        self.canvas.territory_known.connect(self._on_territory)
        self._started = False
        self.canvas.settled.connect(self._on_settled)
        self.window.locale_requested.connect(self._on_locale)
        self.reopens = False
        """Whether the window is to be opened again, in another language."""
        self._follow_options()

    def _make_operations(self) -> Operations:
        paths, settings = self._paths, self._settings
        layers = self.picture.layers
        work = open_work(paths.work_db)
        log = AuditLog(work, paths.audit_anchors, console=console_level(settings.console))
        self.file = WorkFile(self.hub, work, log)
        return Operations(
            self.hub,
            self.file,
            LocalIdentity(paths.operators_file, layers, demo=settings.is_demo),
            shipped_desks(layers, paths.desks),
            console=settings.console,
            publish=self.sources.publish,
            locale=self.locale,
        )

    def _make_canvas(self) -> Canvas:
        return Canvas(
            self.hub,
            self.display,
            self.selection,
            self.look.theme,
            GroundSource(self.sources.basemap, SANS),
            family=SANS,
            locale=self.locale,
            reduced_motion=self._settings.appearance.reduced_motion or self._options.screenshot is not None,
        )

    def _make_window(self) -> MainWindow:
        return MainWindow(
            self.hub,
            self.display,
            self.selection,
            self.canvas,
            self.look,
            self._layout,
            territory=self._settings.territory.name,
            console=self._settings.console,
            demo=self._settings.is_demo,
            attribution=self._attribution(),
            sync_now=self.sources.sync_now,
            agree_removal=self.sources.agree,
            operations=self.operations,
        )

    def start(self) -> None:
        """Show the window, read the cache, then look for news."""
        self.window.show()
        self._viewed = self._restore_view()
        if self.cache.rebuilt:
            self.hub.failed.emit(rebuilding(self.cache))
        for name in self.picture.layers:
            self.hub.load(name)
        self.hub.ask(lambda db: last_success(db, self.sources.url), self._on_last_success)
        QTimer.singleShot(LATEST_MS, self._start_sources)

    def stop(self) -> None:
        """Stop every thread and close every file."""
        self._started = True  # nothing may start any more
        if self._options.screenshot is None:
            self._save_view()
        self.sources.stop()
        self.hub.close()
        self.inbox.close()
        self.canvas.close_threads()
        close_cache(self.cache)
        self.file.close()
        for translator in self._translators:
            QCoreApplication.removeTranslator(translator)
        self.window.deleteLater()

    def _attribution(self) -> str:
        return (
            QCoreApplication.translate("Map", "Demo: generated, approximate")
            if self._settings.is_demo
            else ""
        )

    def _follow_options(self) -> None:
        options = self._options
        if options.size is not None:
            self.window.resize(*options.size)
        if options.layers is not None:
            for name in self.picture.layers:
                self.display.set_visible(name, name in options.layers)

    def _on_last_success(self, time: float | None) -> None:
        # Until the registry answers, the age of the picture is that of the cache.
        source = self.picture.sources["registry"]
        source.last_message = max(source.last_message, time or 0.0)

    def _on_received(self, message: object) -> None:
        if isinstance(message, SyncSummary):
            for name in message.changed_ids:
                self.hub.load(name)
            self.hub.catch_up()
            if message.complete:
                self.picture.sources["registry"].last_message = message.read_at
        elif isinstance(message, SourceTrouble):
            self.hub.failed.emit(message.message)
        elif isinstance(message, BasemapReady):
            self.canvas.set_ground(GroundSource(message.package, SANS))

    def _on_alarms(self, _changes: object) -> None:
        self.canvas.blinking.set_keys(self.operations.alarms.unacknowledged())

    def _restore_view(self) -> bool:
        """Look where the options say, or where the map was left; False when neither is known."""
        wanted = self._options.view or read_view(self._layout.text("map/view", ""))
        if wanted is None:
            return False
        (x, y), view = to_mercator(wanted[0], wanted[1]), self.canvas.view
        zoom = resting(wanted[2])
        self.canvas.show_view(Viewport(x=x, y=y, zoom=zoom, width=view.width, height=view.height))
        return True

    def _save_view(self) -> None:
        view = self.canvas.view
        longitude, latitude = to_wgs84(view.x, view.y)
        self._layout.put("map/view", f"{longitude:.6f},{latitude:.6f},{view.zoom}")

    def _start_sources(self) -> None:
        if not self._started:
            self._started = True
            self.sources.start()
            console = console_level(self._settings.console)
            self.file.tend(self._paths.audit_segments, console, time.time())

    def _on_settled(self) -> None:
        if any(name not in self.picture.tables for name in self.picture.layers):
            return
        self.canvas.settled.disconnect(self._on_settled)
        # Keeps the collector from walking, in the middle of a frame, over what will stay for good.
        gc.collect()
        gc.freeze()
        self._start_sources()

    def _on_locale(self, locale: str) -> None:
        self._layout.put("locale", locale)
        self._layout.flush()
        self.reopens = True
        QCoreApplication.quit()

    def _on_territory(self) -> None:
        if not self._viewed:
            self.canvas.show_view(self.canvas.fitted(self.canvas.home_bounds(), margin=24))
        if self._options.select is not None:
            layer, _, identifier = self._options.select.partition("/")
            self.selection.set([ObjectKey(layer, identifier)])


def system_theme() -> str:
    """The theme that goes with the desktop's own colours."""
    light = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Light
    return "light" if light else "dark"


def run(options: Options) -> int:
    """Open Vigie and stay until it is closed, or until the picture is written; the exit code."""
    paths = default_paths()
    logbook = Logbook(paths.log)
    for warning in warnings_about(os.environ):
        tell_terminal(warning)
    try:
        settings = load_settings(paths)
        layers = load_layers(*([paths.layers] if paths.layers.is_dir() else []))
        check_options(options, layers)
        qt = make_qt(options, settings)
        code, again = open_once(qt, settings, paths, layers, options, logbook)
        while again:
            options = msgspec.structs.replace(options, locale=None)
            code, again = open_once(qt, settings, paths, layers, options, logbook)
    except (
        SettingsError,
        CatalogError,
        MappingError,
        StoreError,
        OptionError,
        DeskError,
        OperatorsError,
    ) as error:
        tell_terminal(str(error))
        return 2
    return code


def check_options(options: Options, layers: Mapping[str, LayerDefinition]) -> None:
    """Raise OptionError for what could not be followed, before anyone waits for it."""
    known = f"there are {', '.join(layers)}"
    for name in options.layers or ():
        if name not in layers:
            raise OptionError(f"--layers: no layer {name!r}; {known}")
    if options.select is not None:
        name, _, identifier = options.select.partition("/")
        if not identifier:
            raise OptionError(f"--select: {options.select!r} is not LAYER/ID, such as street-lights/L-00001")
        if name not in layers:
            raise OptionError(f"--select: no layer {name!r}; {known}")
    if options.screenshot is not None:
        trouble = cannot_write(options.screenshot)
        if trouble:
            raise OptionError(f"--screenshot: {trouble}")


def make_qt(options: Options, settings: Settings) -> QApplication:
    """The one QApplication, offscreen where there is no display or none is needed."""
    headless = sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if options.screenshot is not None or headless:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if settings.appearance.scale != 1.0:
        os.environ.setdefault("QT_SCALE_FACTOR", str(settings.appearance.scale))
    sys.setswitchinterval(SWITCH_S)
    qt = QApplication(sys.argv[:1])
    qt.setApplicationName("Vigie")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QCoreApplication.quit())
    load_fonts()
    return qt


def open_once(
    qt: QApplication,
    settings: Settings,
    paths: Paths,
    layers: Mapping[str, LayerDefinition],
    options: Options,
    logbook: Logbook,
) -> tuple[int, bool]:
    """Open the window until it is closed: the exit code, and whether to open it again in another language."""
    application = Application(qt, settings, paths, layers, options)
    logbook.tell = lambda line: application.inbox.put(SourceTrouble(line))
    snapshot = None
    if options.screenshot is not None:
        snapshot = Snapshot(application.window, application.canvas, application.hub, options.screenshot)
    application.start()
    code = int(qt.exec())
    logbook.tell = tell_terminal
    application.stop()
    return (code if snapshot is None else snapshot.code), application.reopens
