"""The view: metres to pixels and back, and what zooming, panning and fitting keep."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.map.viewport import MAX_ZOOM, MIN_ZOOM, Viewport, resting
from desktop.mercator import WORLD, to_mercator, to_wgs84
from tests.map.town import CENTER

zooms = st.floats(MIN_ZOOM, MAX_ZOOM)
views = st.builds(
    Viewport,
    x=st.floats(CENTER[0] - 1e5, CENTER[0] + 1e5),
    y=st.floats(CENTER[1] - 1e5, CENTER[1] + 1e5),
    zoom=zooms,
    width=st.integers(1, 4000),
    height=st.integers(1, 3000),
)
pixels = st.tuples(st.floats(-100, 4000), st.floats(-100, 3000))


@given(views, pixels)
def test_a_pixel_is_found_again_where_it_was(view: Viewport, at: tuple[float, float]) -> None:
    assert view.to_screen(*view.to_map(*at)) == pytest.approx(at, abs=1e-2)


@given(views, zooms, pixels)
def test_zooming_keeps_the_place_under_the_anchor(
    view: Viewport, zoom: float, at: tuple[float, float]
) -> None:
    zoomed = view.zoomed(zoom, *at)
    assert zoomed.zoom == zoom
    assert zoomed.to_screen(*view.to_map(*at)) == pytest.approx(at, abs=1e-2)


@given(views, zooms, pixels)
def test_zooming_in_and_out_about_one_anchor_comes_back(
    view: Viewport, zoom: float, at: tuple[float, float]
) -> None:
    back = view.zoomed(zoom, *at).zoomed(view.zoom, *at)
    assert (back.x, back.y) == pytest.approx((view.x, view.y), abs=1e-3)


@given(views, pixels, st.floats(-500, 500), st.floats(-500, 500))
def test_dragging_moves_the_content_with_the_hand(
    view: Viewport, at: tuple[float, float], dx: float, dy: float
) -> None:
    place = view.to_map(*at)
    assert view.panned(dx, dy).to_screen(*place) == pytest.approx((at[0] + dx, at[1] + dy), abs=1e-2)


@given(views, st.floats(0, 50_000), st.floats(0, 50_000), st.integers(200, 4000), st.integers(200, 3000))
def test_what_was_fitted_is_all_in_view_at_rest(
    view: Viewport, wide: float, tall: float, width: int, height: int
) -> None:
    sized = Viewport(x=view.x, y=view.y, zoom=view.zoom, width=width, height=height)
    bounds = (CENTER[0] - wide, CENTER[1] - tall, CENTER[0] + wide, CENTER[1] + tall)
    fitted = sized.fitted(bounds)
    assert fitted.zoom == resting(fitted.zoom)
    assert fitted.zoom <= 17.5
    if fitted.zoom > MIN_ZOOM:
        west, south, east, north = fitted.bounds
        assert west <= bounds[0] and south <= bounds[1] and east >= bounds[2] and north >= bounds[3]


def test_fitting_goes_as_close_as_the_bounds_allow() -> None:
    view = Viewport(x=0, y=0, zoom=8, width=1000, height=800)
    half = 2000.0
    fitted = view.fitted((-half, -half, half, half))
    closer = fitted.zoomed(fitted.zoom + 0.25, 500, 400)
    assert closer.bounds[3] < half * (800 / 2) / (800 / 2 - 48)


def test_a_point_is_fitted_no_closer_than_allowed() -> None:
    view = Viewport(x=0, y=0, zoom=8, width=1000, height=800)
    assert view.fitted((*CENTER, *CENTER)).zoom == 17.5
    assert view.fitted((*CENTER, *CENTER), closest=15.0).zoom == 15.0


def test_a_view_without_room_can_be_fitted() -> None:
    assert Viewport(x=0, y=0, zoom=8, width=1, height=1).fitted((0, 0, 10, 10)).zoom >= MIN_ZOOM


@given(st.floats(-5, 40))
def test_the_map_rests_on_quarters_within_its_limits(zoom: float) -> None:
    rest = resting(zoom)
    assert MIN_ZOOM <= rest <= MAX_ZOOM
    assert (rest * 4).is_integer()
    if MIN_ZOOM <= zoom <= MAX_ZOOM:
        assert abs(rest - zoom) <= 0.125


@given(st.floats(-180, 180), st.floats(-84.9, 84.9))
def test_degrees_come_back_from_metres(longitude: float, latitude: float) -> None:
    assert to_wgs84(*to_mercator(longitude, latitude)) == pytest.approx((longitude, latitude), abs=1e-9)


def test_the_world_is_256_pixels_wide_at_zoom_0() -> None:
    view = Viewport(x=0, y=0, zoom=10, width=100, height=100)
    assert view.resolution * 256 * 2**10 == pytest.approx(WORLD)


def test_the_ground_is_shorter_than_mercator_says_by_the_cosine_of_the_latitude() -> None:
    view = Viewport(x=CENTER[0], y=CENTER[1], zoom=15, width=100, height=100)
    assert view.ground_resolution / view.resolution == pytest.approx(math.cos(math.radians(47.3215)))
