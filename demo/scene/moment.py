"""The moment of an acquisition: where the sun stands, what is green, and where snow lies."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from demo.scene.setting import Climate

_DAYS = 365.25
_OBLIQUITY = 23.44  # degrees between the ecliptic and the equator


@dataclass(frozen=True)
class Moment:
    """A time (aware, UTC) over a place.

    Attributes:
        time: acquisition time.
        lon: degrees east.
        lat: degrees north.
    """

    time: datetime
    lon: float
    lat: float

    @property
    def year_fraction(self) -> float:
        """Place in the year, 0 on 1 January, as the north counts; the south is half a year away."""
        start = datetime(self.time.year, 1, 1, tzinfo=UTC)
        return (self.time - start).total_seconds() / 86400.0 / _DAYS

    @property
    def local_year(self) -> float:
        """Place in the year, shifted by half a year on the southern hemisphere: 0.5 is midsummer everywhere."""
        return (self.year_fraction + (0.5 if self.lat < 0 else 0.0)) % 1.0

    @property
    def sun(self) -> tuple[float, float]:
        """Azimuth (clockwise from north) and elevation (at least 3 degrees: nobody images at night), in radians."""
        declination = math.radians(-_OBLIQUITY * math.cos(2 * math.pi * (self.year_fraction + 10 / _DAYS)))
        hours = self.time.hour + self.time.minute / 60 + self.time.second / 3600 + self.lon / 15.0
        hour_angle = math.radians(15.0 * (hours - 12.0))
        lat = math.radians(self.lat)
        sine = math.sin(lat) * math.sin(declination) + math.cos(lat) * math.cos(declination) * math.cos(hour_angle)
        elevation = math.asin(max(-1.0, min(1.0, sine)))
        azimuth = math.atan2(
            -math.cos(declination) * math.sin(hour_angle),
            math.sin(declination) * math.cos(lat) - math.cos(declination) * math.sin(lat) * math.cos(hour_angle),
        )
        return azimuth % (2 * math.pi), max(elevation, math.radians(3.0))


# seasonal amplitude and yearly mean of the height (m) above which snow lies, at latitude 0 and per degree of latitude
_SNOW_AT_EQUATOR_M = 5400.0
_SNOW_PER_DEGREE_M = 75.0
_SEASON_M = {
    Climate.POLAR: 900.0,
    Climate.BOREAL: 3300.0,
    Climate.TEMPERATE: 1900.0,
    Climate.STEPPE: 2600.0,
    Climate.MEDITERRANEAN: 900.0,
}


def snow_line_m(moment: Moment, climate: Climate) -> float:
    """Height in metres above which snow lies on level ground at this moment (may be below the sea in winter)."""
    mean = _SNOW_AT_EQUATOR_M - _SNOW_PER_DEGREE_M * max(0.0, abs(moment.lat) - 12.0)
    lag = math.cos(2 * math.pi * (moment.local_year - 0.58))  # snow lasts into spring: the year's warmest day is late
    return mean + _SEASON_M.get(climate, 300.0) * lag
