"""What each kind of equipment would report: smooth, plausible functions of the device and the time.

Levels and rhythms are invented; only their ranges follow what such equipment shows.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable

from desktop.demo.field_day import between, local_hour
from desktop.demo.field_devices import Device, Values

DAY = 86_400.0


def wave(device: Device, now: float, period: float, shift: float = 0.0) -> float:
    """A slow swing between -1 and 1, out of step with the other devices."""
    return math.sin(2 * math.pi * (now / period + device.phase + shift))


def slot(device: Device, now: float, seconds: float) -> int:
    """A number that stays the same for `seconds` and then jumps; another for each device."""
    text = f"{device.id}/{int(now / seconds + device.phase)}"
    return zlib.crc32(text.encode())


def junction(device: Device, now: float) -> Values:
    """Plans follow the hour: the first by night, the last declared in the peaks; orders go before it."""
    plans = [int(plan) for plan in str(device.facts.get("plans", "1")).split(",") if plan.strip().isdecimal()]
    plans = plans or [1]
    forced = device.memory.get("plan")
    hour = local_hour(now + 600 * device.phase)
    peak = between(hour, 7.25, 9.25) or between(hour, 16.5, 19.0)
    night = between(hour, 22.0, 6.0)
    plan, cycle = (plans[-1], 92) if peak else (plans[0], 64) if night else (plans[len(plans) // 2], 76)
    mode = "local" if device.memory.get("local") else "automatic"
    if forced is not None:
        plan, cycle = forced, 76
        mode = "forced" if mode == "automatic" else mode
    broken = "controller-fault" in device.faults or bool(device.memory.get("flashing"))
    lamp_out = any(fault.startswith("lamp-fault") for fault in device.faults)
    return {
        "mode": "flashing" if broken else mode,
        "plan": plan,
        "bus_priority": bool(device.facts.get("bus_priority")) and slot(device, now, 30) % 5 == 0,
        "cycle_s": 0 if broken else cycle,
        "line": str(device.memory.get("line", 3)) if lamp_out else "",
    }


def camera(device: Device, now: float) -> Values:
    """A stream that swells with movement in the street."""
    lost = "no-video" in device.faults
    rate = 0.0 if lost else 4.6 + 1.2 * wave(device, now, 900) + 0.4 * wave(device, now, 47)
    values: Values = {"recording": not lost, "bitrate_mbps": round(rate, 1)}
    if device.facts.get("kind") == "ptz":
        values["preset"] = int(device.memory.get("preset", 1))
    return values


ARMING_HELD = 8 * 3600.0
"""Seconds an order to arm or disarm holds; then the building follows its hours again."""
OPENING_HOURS = {
    "school": (7.5, 18.5),
    "nursery": (7.0, 19.0),
    "town-hall": (8.5, 17.5),
    "museum": (9.5, 18.0),
    "sports": (8.0, 22.5),
    "culture": (10.0, 22.0),
    "technical": (6.5, 17.0),
    "social": (8.5, 18.0),
}


def building(device: Device, now: float) -> Values:
    """Doors stand open while the building is in use; out of hours the alarm is set."""
    hour = local_hour(now - 900 * device.phase)
    used = between(hour, *OPENING_HOURS.get(str(device.facts.get("kind")), (8.0, 18.0)))
    armed = bool(device.facts.get("armable")) and not used
    intruded = "intrusion" in device.faults
    held, since = device.memory.get("armed", (None, 0.0))
    armed = held if held is not None and now - since < ARMING_HELD else armed or intruded
    values: Values = {
        "armed": armed,
        "doors_open": 1 if intruded else slot(device, now, 240) % 4 if used else 0,
        "temperature_c": round(19.4 + (1.1 if used else -0.8) + 0.5 * wave(device, now, 7200), 1),
    }
    if device.faults:
        values["zone"] = f"Zone {device.memory.get('zone', 1 + slot(device, now, DAY) % 4)}"
    return values


MOVING_HELD = 10.0
"""Seconds after which a movement that never ended is given up."""
RAISED_HELD = 1_800.0
"""Seconds a bollard raised by order stays up before it lets vehicles pass by itself again."""


def bollard(device: Device, now: float) -> Values:
    """Down for a passage now and then, both ways it moves for one report; or where an order has put it."""
    held, since = device.memory.get("position", (None, 0.0))
    if held == "down":
        return {"position": held, "occupied": now - since > 60 and slot(device, now, 60) % 4 == 0}
    if (held == "moving" and now - since < MOVING_HELD) or (held == "up" and now - since < RAISED_HELD):
        return {"position": held, "occupied": False}
    within = (now / 240 + device.phase) % 1.0
    passage = slot(device, now, 240) % 3 == 0 and not device.faults
    position = "up"
    if passage and within < 0.2:
        position = "moving" if within < 0.04 or within > 0.16 else "down"
    return {"position": position, "occupied": position == "down" and within > 0.08}


MESSAGES = (
    "ROCADE FLUIDE",
    "A38 DIJON {minutes} MIN",
    "GARE {minutes} MIN",
    "PIETONS PRUDENCE",
    "P+R VALMY {places} PL",
    "DARCY {places} PLACES",
    "TRAVAUX BD VOLTAIRE",
    "ARC EST {minutes} MIN",
    "CENTRE {minutes} MIN",
    "POLLUTION 70 KM/H",
)


def message_sign(device: Device, now: float) -> Values:
    """A message of a few minutes, short enough for the sign; one sign in five is blank; or an order."""
    ordered = device.memory.get("text")
    if ordered is not None:
        return {"text": ordered, "lit": ordered != ""}
    number = slot(device, now, 420)
    if number % 5 == 0:
        return {"text": "", "lit": False}
    hour = local_hour(now)
    slow = between(hour, 7.25, 9.25) or between(hour, 16.5, 19.0)
    text = MESSAGES[number // 5 % len(MESSAGES)].format(
        minutes=7 + number // 50 % 6 + (6 if slow else 0), places=40 + number // 50 % 320
    )
    width = device.facts.get("width_chars")
    return {"text": text if not isinstance(width, int) or len(text) <= width else MESSAGES[0], "lit": True}


def car_park(device: Device, now: float) -> Values:
    """Fills towards the early afternoon; park-and-rides fill earlier, and empty in the evening."""
    capacity = int(device.facts.get("capacity", 100))
    hour = local_hour(now)
    peak, width = (11.5, 4.5) if device.facts.get("kind") == "park-and-ride" else (15.0, 5.0)
    filled = 0.22 + 0.62 * math.exp(-(((hour - peak) / width) ** 2))
    share = filled + 0.10 * (device.phase - 0.5) + 0.04 * wave(device, now, 2400)
    return {"free": max(0, round(capacity * (1 - min(share, 1.0)))), "open": True}


FLOOD_RISE, FLOOD_CREST, FLOOD_FALL = 5_400.0, 0.75, 14_400.0
"""Seconds to the crest, its height as a share of the way from orange to red, seconds to subside."""


def river_gauge(device: Device, now: float) -> Values:
    """A low, lazy river; or a flood that rises through orange and subsides, when `memory` says since when."""
    facts = device.facts
    yellow = float(facts.get("threshold_yellow", 1.5))
    level, trend = yellow * (0.42 + 0.05 * wave(device, now, DAY / 2)), "steady"
    since = device.memory.get("flood")
    if since is not None:
        orange, red = float(facts.get("threshold_orange", 2)), float(facts.get("threshold_red", 3))
        crest = orange + FLOOD_CREST * (red - orange)
        start, passed = orange + 0.07 * (red - orange), now - since
        if passed < FLOOD_RISE:
            level = start + (crest - start) * math.sin(math.pi / 2 * passed / FLOOD_RISE)
            trend = "rising"
        else:
            level += (crest - level) * math.exp(-(passed - FLOOD_RISE) / FLOOD_FALL)
            trend = "falling" if level > yellow * 0.6 else "steady"
    return {"level_m": round(level, 2), "flow_m3s": round(8.5 * level**1.6, 1), "trend": trend}


def weather_station(device: Device, now: float) -> Values:
    """The season and the hour, cooler with height (0.65 °C in 100 m); never damp enough for ice."""
    season = math.cos(2 * math.pi * (now / DAY / 365.25 - 200 / 365.25))
    hour = math.cos(2 * math.pi * (local_hour(now) - 15) / 24)
    height = float(device.facts.get("altitude_m", 240)) - 240
    air = 11.2 + 9.0 * season + 4.0 * hour - 0.0065 * height + 0.4 * wave(device, now, 5400)
    wind = 14 + 7 * wave(device, now, 3100) + 5 * math.sin(2 * math.pi * now / 40_000)
    return {
        "temperature_c": round(air, 1),
        "ground_c": round(air - 1.2 + 1.8 * max(0.0, hour) * max(0.0, season), 1),
        "wind_kmh": round(max(0.0, wind)),
        "gust_kmh": round(max(0.0, wind) * 1.6 + 4),
        "rain_mm_h": 0.0,
        "humidity": round(70 - 13 * hour + 4 * wave(device, now, 7200)),
    }


def bike_station(device: Device, now: float) -> Values:
    """Bikes go downhill in the morning and come back in the evening."""
    capacity = int(device.facts.get("capacity", 20))
    tide = 0.22 * math.sin(2 * math.pi * (local_hour(now) / 24 + device.phase))
    share = 0.5 + tide + 0.12 * wave(device, now, 1700)
    bikes = min(capacity, max(0, round(capacity * share)))
    return {"bikes": bikes, "docks": capacity - bikes, "open": True}


MODELS: dict[str, tuple[float, Callable[[Device, float], Values]]] = {
    "junctions": (10.0, junction),
    "cameras": (20.0, camera),
    "buildings": (100.0, building),
    "bollards": (8.0, bollard),
    "message-signs": (40.0, message_sign),
    "car-parks": (90.0, car_park),
    "river-gauges": (120.0, river_gauge),
    "weather-stations": (300.0, weather_station),
    "bike-stations": (90.0, bike_station),
}
"""By layer: seconds between reports, about a third of the layer's `stale_after` or less, and the model."""
