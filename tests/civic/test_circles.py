"""Whoever follows a circle is found from any point in it, by the wide squares round the point."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civic import nearness
from civic.territory import distance

LATITUDES = st.floats(-60, 60)
LONGITUDES = st.floats(-180, 180, exclude_max=True)
# A little more than 3 km, in degrees of latitude.
AWAY = st.floats(-0.03, 0.03)


@given(LATITUDES, LONGITUDES, AWAY, AWAY)
def test_the_circle_of_who_follows_it_is_found(
    latitude: float, longitude: float, north: float, east: float
) -> None:
    there = (latitude + north, (longitude + east + 180) % 360 - 180)
    if distance(latitude, longitude, *there) <= 3000:
        squares = nearness.cells(*there, 3000, nearness.WIDE)
        assert nearness.cell(latitude, longitude, nearness.WIDE) in squares
        # Three rows, and at 60 degrees from the equator up to four columns.
        assert len(squares) <= 12
