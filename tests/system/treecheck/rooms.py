# SPDX-License-Identifier: MIT
"""Which room may know which: includes and calls point down."""
from .tree import file_of, included, room_of

# From the top down: a room knows those of the floors below it.
FLOORS = [
    {"main", "gym", "ctl"},
    {"bluez", "mqtt", "control"},
    {"store"},
    {"loop"},
    {"flow"},
    {"core", "drivers", "wire", "config", "outbox"},
    {"base"},
]
FLOOR = {room: -height for height, rooms in enumerate(FLOORS) for room in rooms}
# The same inside core; what lies in core itself is below its rooms.
CORE = {"core/judge": 4, "core/rules": 3, "core/posture": 2, "core/pop": 2, "core/fleet": 2, "core/time": 1, "core": 0}
# Rooms of the same floor that need something of each other: beginnings of headers.
BESIDE = {
    "drivers": ["coxad/core/record.h", "coxad/core/result.h", "coxad/core/terms.h"],
    "config": [
        "coxad/core/analysis",
        "coxad/core/terms.h",
        "coxad/core/result.h",
        "coxad/drivers/driver.h",
        "coxad/drivers/driver-list.h",
    ],
    "wire": [
        "coxad/config/",
        "coxad/core/fleet/radio-",
        "coxad/core/health.h",
        "coxad/core/record.h",
        "coxad/core/result.h",
        "coxad/core/terms.h",
        "coxad/core/time/wall-clock.h",
        "coxad/core/athlete-memory.h",
        "coxad/core/posture/kit-posture.h",
    ],
    "outbox": ["coxad/wire/message.h", "coxad/core/result.h", "coxad/core/terms.h"],
}
# The virtual gym plays what is outside of coxad: it knows the words, not the flow.
GYM = ["coxad/base/", "coxad/core/terms.h", "coxad/drivers/", "coxad/loop/"]
# coxactl knows the words and the bus, nothing of how coxad works.
CTL = ["coxad/base/", "coxad/core/terms.h"]
# Rooms outside of daemon/, which nobody may know.
OUTSIDE = {"gym": GYM, "ctl": CTL}


def objection(path, header):
    """Why a file may not know a header (as included); None: it may."""
    room, other = room_of(path), room_of(file_of(header))
    if header == "config.h":
        return None
    if header.startswith("tests/"):
        return "a test"
    if room in OUTSIDE and other != room:
        return None if header.startswith(tuple(OUTSIDE[room])) else f"{header}: not for {room}"
    if other in (None, room):
        return None
    if room in CORE and other in CORE:
        return None if CORE[other] < CORE[room] else f"{header}: {other} is not below {room}"
    mine, others = room.split("/")[0], other.split("/")[0]
    if header.startswith("daemon/"):
        return f"{header}: private to {others}"
    if others not in FLOOR or others in OUTSIDE or FLOOR[others] > FLOOR[mine]:
        return f"{header}: {others} is not below {mine}"
    if FLOOR[others] == FLOOR[mine] and not header.startswith(tuple(BESIDE.get(mine, ()))):
        return f"{header}: {others} is beside {mine}"
    return None


def check_includes(tree):
    for path in tree.sources():
        for number, header in included(path, tree.text(path)):
            why = objection(path, header)
            if why:
                yield path, number, f"includes {why}"
