"""The menus opened on the map: of an object, of a place, of the members of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qtpy.QtCore import QCoreApplication, QPoint, Qt
from qtpy.QtGui import QGuiApplication, QIcon
from qtpy.QtWidgets import QMenu, QWidget

from desktop.hub import Hub
from desktop.panels.command_offers import Offer
from desktop.panels.look import Look
from desktop.panels.names import label_of, state_words
from desktop.panels.parts import plain_tip
from desktop.panels.places import SYSTEMS, place_text
from desktop.panels.wording import one_line
from desktop.work.picture import ObjectKey
from layers.model import Quality

MEMBERS = 16
"""Members of a cluster listed one by one."""


def escaped(text: str) -> str:
    """Text for a menu, where an ampersand would underline a letter."""
    return one_line(text).replace("&", "&&")


def object_menu(
    key: ObjectKey, hub: Hub, look: Look, opened: Callable[[ObjectKey], object], parent: QWidget
) -> QMenu:
    """Go to an object, show its table row, copy its id."""
    menu = _menu(parent)
    layer = hub.picture.layers[key.layer]
    title = menu.addAction(f"{layer.singular.localized(look.locale)} · {escaped(label_of(hub.picture, key))}")
    title.setEnabled(False)
    menu.addSeparator()
    menu.addAction(QCoreApplication.translate("MapMenu", "Go to it"), lambda: opened(key))
    menu.addAction(
        QCoreApplication.translate("MapMenu", "Copy its identifier"),
        lambda: QGuiApplication.clipboard().setText(key.id),
    )
    return menu


def add_commands(menu: QMenu, found: Sequence[Offer], press: Callable[[str], object], look: Look) -> None:
    """One line for each action; one that cannot be given now stays, off, with the reason as its tip."""
    if not found:
        return
    menu.setToolTipsVisible(True)
    menu.addSeparator()
    for offer in found:
        action = menu.addAction(f"{offer.action.title.localized(look.locale)}…".replace("&", "&&"))
        action.triggered.connect(lambda *_, it=offer.action.id: press(it))
        action.setEnabled(not offer.obstacle)
        action.setToolTip(plain_tip(offer.obstacle))


def add_place(menu: QMenu, place: tuple[float, float], look: Look) -> None:
    """One line for each coordinate system; choosing it copies the coordinates."""
    if not menu.isEmpty():
        menu.addSeparator()
    for system in SYSTEMS:
        text = place_text(system, *place, look.words)
        line = QCoreApplication.translate("MapMenu", "Copy {0}").format(text)
        menu.addAction(line).triggered.connect(lambda *_, it=text: QGuiApplication.clipboard().setText(it))


def place_menu(place: tuple[float, float], look: Look, parent: QWidget) -> QMenu:
    """The coordinates of a place."""
    menu = _menu(parent)
    add_place(menu, place, look)
    return menu


def members_menu(
    keys: Sequence[ObjectKey],
    hub: Hub,
    look: Look,
    opened: Callable[[ObjectKey], object],
    gathered: Callable[[list[ObjectKey]], object],
    parent: QWidget,
) -> QMenu:
    """The first members of a cluster, worst first, and a line that selects them all."""
    menu = _menu(parent)
    number = look.words.number(len(keys))
    line = QCoreApplication.translate("MapMenu", "Select all {0} and show them").format(number)
    menu.addAction(line).triggered.connect(lambda *_: gathered(list(keys)))
    menu.addSeparator()
    ratio = parent.devicePixelRatioF()
    for key in keys[:MEMBERS]:
        place = hub.picture.place(key)
        if place is None:
            continue
        table, row = place
        layer, state = table.definition, int(table.state[row])
        icon = look.symbol(layer, state, Quality(int(table.quality[row])), 18, ratio)
        words = f"{escaped(table.label_of(row))} · {state_words(hub.picture, look, key)}"
        menu.addAction(QIcon(icon), words).triggered.connect(lambda *_, it=key: opened(it))
    if len(keys) > MEMBERS:
        more = QCoreApplication.translate("MapMenu", "and {0} more")
        menu.addAction(more.format(look.words.number(len(keys) - MEMBERS))).setEnabled(False)
    return menu


def open_at(menu: QMenu, where: QPoint) -> None:
    """Open a menu there (global pixels); it goes when it closes."""
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(where)


def _menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setToolTipsVisible(False)
    return menu
