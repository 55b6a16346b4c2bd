"""Choosing a desk shows its layers and tabs; leaving it gives back what was shown before."""

from __future__ import annotations

import pytest
from qtpy.QtCore import QObject, Qt
from qtpy.QtTest import QTest

from desktop.map.display import Display
from desktop.map.theme import load_theme
from desktop.panels.desk_tabs import DeskTabs
from desktop.panels.look import Look
from desktop.work.desks import Desk, shipped_desks
from layers import load_layers

LAYERS = load_layers()


class Holder(QObject):
    """What knows the desks."""

    def __init__(self, desks: tuple[Desk, ...]) -> None:
        super().__init__()
        self.desks = desks


class Bench:
    """Tabs over the shipped desks, and what they chose."""

    def __init__(self) -> None:
        self.holder = Holder(shipped_desks(LAYERS))
        self.display = Display(LAYERS)
        self.tabs = DeskTabs(self.holder, self.display, Look(load_theme("dark"), "fr"))  # type: ignore[arg-type]
        self.chosen: list[Desk | None] = []
        self.tabs.chosen.connect(self.chosen.append)
        self.tabs.resize(self.tabs.sizeHint())
        self.tabs.show()

    def desk(self, name: str) -> Desk:
        return next(it for it in self.holder.desks if it.id == name)

    def visible(self) -> set[str]:
        return {name for name in LAYERS if self.display.of(name).visible}


@pytest.fixture
def bench(french: None) -> Bench:
    return Bench()


def test_a_desk_shows_its_layers_and_hides_the_other_desks(bench: Bench) -> None:
    traffic = bench.desk("traffic")
    bench.tabs.choose(traffic)
    assert set(traffic.layers) <= bench.visible()
    assert "street-lights" not in bench.visible() and "buildings" not in bench.visible()
    assert "communes" in bench.visible()
    assert bench.chosen == [traffic]


def test_leaving_the_desk_gives_back_what_was_shown(bench: Bench) -> None:
    bench.display.set_visible("cameras", False)
    before = bench.visible()
    bench.tabs.choose(bench.desk("traffic"))
    bench.tabs.choose(bench.desk("lighting"))
    bench.tabs.choose(None)
    assert bench.visible() == before and bench.chosen[-1] is None


def test_the_tab_in_front_chosen_again_frees_the_view(bench: Bench) -> None:
    first = bench.tabs.desks[0]
    QTest.keyClick(bench.tabs, Qt.Key.Key_Return)
    assert bench.tabs.current == first
    QTest.keyClick(bench.tabs, Qt.Key.Key_Return)
    assert bench.tabs.current is None and bench.chosen == [first, None]


def test_the_keyboard_goes_from_tab_to_tab(bench: Bench) -> None:
    QTest.keyClick(bench.tabs, Qt.Key.Key_Right)
    QTest.keyClick(bench.tabs, Qt.Key.Key_Space)
    assert bench.chosen == [bench.tabs.desks[1]]


def test_without_room_the_tabs_are_a_menu(bench: Bench) -> None:
    assert not bench.tabs.folded
    bench.tabs.resize(bench.tabs.minimumSizeHint())
    assert bench.tabs.folded
    menu = bench.tabs.menu()
    texts = [it.text() for it in menu.actions()]
    assert texts[0] == "Tous les postes" and len(texts) == len(bench.tabs.desks) + 1
    menu.actions()[2].trigger()
    assert bench.chosen == [bench.tabs.desks[1]]
    checked = [it.text() for it in bench.tabs.menu().actions() if it.isChecked()]
    assert checked == [texts[2]]


def test_a_city_without_desks_has_no_tabs(french: None) -> None:
    tabs = DeskTabs(Holder(()), Display(LAYERS), Look(load_theme("dark"), "fr"))  # type: ignore[arg-type]
    assert tabs.isHidden() and tabs.sizeHint().width() == 0
