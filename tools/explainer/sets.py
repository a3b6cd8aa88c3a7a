# SPDX-License-Identifier: MIT
"""The movements of each kit, counted or not, in sets: from the trace of a replay, which says why one
did not count, and the messages about those that did."""
import re

from .evidence import S

NUMBER = r"(-?[\d.]+|nan|-nan|inf|-inf)"
MOVEMENT = re.compile(r"(.+) repetition \d+ (left|right|both): (.+); ([\d.]+) s, "
                      rf"from {NUMBER} to {NUMBER} deg")
ANGLE = re.compile(rf"(.+) (left|right) {NUMBER} deg, {NUMBER} deg/s, \w+(, not calibrated)?$")
OTHER = re.compile(r"(.+) (left|right): another movement of the body (begins|ends); (.+)$")
NEAR_US = S // 10


class Movement:
    """why: the reason why it did not count, None if it did; rep: its message, if there is one."""

    def __init__(self, found, end_us):
        self.side, said = found[2], found[3]
        self.why = None if said == "counted" else said
        self.to_us, self.from_us = end_us, end_us - round(float(found[4]) * S)
        self.low_deg, self.high_deg = float(found[5]), float(found[6])
        self.rep, self.name = None, ""

    def legs(self):
        return ("left", "right") if self.side == "both" else (self.side,)


class Kit:
    """What the trace says about one kit."""

    def __init__(self):
        self.movements = []
        self.angles = {"left": [], "right": []}  # [(t_us, degrees, is not calibrated)]
        self.others = []  # [[from_us, to_us, leg]]: another movement of the body


def read(lines):
    """{kit: Kit} from the lines of the topics phase and angle."""
    kits = {}
    for line in lines:
        topic, _, rest = line.partition(" t=")
        at, _, said = rest.partition(" ")
        t_us = round(float(at) * S)
        if topic == "angle":
            _take_angle(kits, t_us, ANGLE.match(said))
        elif topic == "phase":
            _take_phase(kits, t_us, said)
    for kit in kits.values():
        kit.movements = sorted((m for m in kit.movements if not _is_told_apart(m, kit.movements)),
                               key=lambda m: m.from_us)
    return kits


def _take_angle(kits, t_us, found):
    if found:
        kit = kits.setdefault(found[1], Kit())
        kit.angles[found[2]].append((t_us, float(found[3]), found[5] is not None))


def _take_phase(kits, t_us, said):
    found = MOVEMENT.match(said)
    if found:
        kits.setdefault(found[1], Kit()).movements.append(Movement(found, t_us))
        return
    found = OTHER.match(said)
    if not found:
        return
    others = kits.setdefault(found[1], Kit()).others
    if found[3] == "begins":
        others.append([t_us, t_us, found[2]])
    else:
        for other in [o for o in others if o[2] == found[2]][-1:]:
            other[1] = t_us


def _is_told_apart(movement, every):
    """Both legs, not together: each has a line of its own."""
    return movement.why and movement.side == "both" and any(
        m.side != "both" and m.from_us >= movement.from_us - NEAR_US and
        m.to_us <= movement.to_us + NEAR_US for m in every)


class Set:
    """Movements with less rest between them than after which coxad forgets what is usual."""

    def __init__(self, name, kit, movements):
        self.kit_name, self.kit, self.movements = name, kit, movements
        self.from_us = min(m.from_us for m in movements)
        self.to_us = max(m.to_us for m in movements)
        self.counted = [m for m in movements if not m.why]
        self.refused = [m for m in movements if m.why]

    def legs(self):
        return [leg for leg in ("left", "right") if any(leg in m.legs() for m in self.movements)]

    def is_calibrated(self):
        return not any(is_not for leg in self.legs() for t, _, is_not in self.kit.angles[leg]
                       if self.from_us <= t <= self.to_us)


def letters(n):
    """a to z, aa, ab, ..."""
    return (letters(n // 26 - 1) if n >= 26 else "") + chr(ord("a") + n % 26)


def find(evidence):
    """The sets of a replay with traces, in order of time."""
    rest_us = evidence.limit("rep-forget") * S
    sets = []
    for name, kit in read(evidence.traces).items():
        for m in kit.movements:
            if not m.why:
                who = evidence.session_at(name, m.to_us).get("athlete")
                m.rep = next((r for r in evidence.reps.get(who, []) if r["side"] == m.side and
                              abs(r["t_end_us"] - m.to_us) < NEAR_US), None)
        begun = []
        for m in kit.movements:
            if begun and m.from_us - max(b.to_us for b in begun[-1]) <= rest_us:
                begun[-1].append(m)
            else:
                begun.append([m])
        sets += [Set(name, kit, movements) for movements in begun]
    sets.sort(key=lambda s: s.from_us)
    for s in sets:
        for i, m in enumerate(s.refused):
            m.name = letters(i)
        for i, m in enumerate(s.counted, 1):
            m.name = str(m.rep["rep"] if m.rep else i)
    return sets
