# SPDX-License-Identifier: MIT
"""What a body did at the instant of a pop, and what that means: the form score of
decision-model.md 7.5 and the signs of 2.4, from the angles that coxa-gym wrote down.

A measurement can be off by a margin to either side. An answer is True, False, or None if it depends
on the margin.
"""
from dataclasses import dataclass

# Margins. Angles are those of section 2.2 for the pelvis at its best, plus what the gym's sensor
# noise adds at the thighs.
TILT_DEG = 1.3
ELEVATION_DEG = 2.5
LOSS_DEG = 5
SPEED_SHARE = 0.08
SPAN_SHARE = 0.07
PRESET_DEG = 0.8
ASYMMETRY_DEG = 2.5
ROLL_DEG = 2.0
JUMP_MARGIN_DEG = 1.5

JUMP_DEG = 6  # 2.4, giving way
SPAN_DEFAULT_DEG = 8.7
CONTROL_DEFAULT_DEG = 40
HANG_SCALE_DEG = (3, 6, 10)  # 7.1: warn, fault, severe
DEAD_HANG_DEG = -90  # in the gym, which measures from the floor


def some(*values):
    """Three-valued or: True, False, or None if it depends."""
    if any(v is True for v in values):
        return True
    return None if any(v is None for v in values) else False


def above(value, limit, margin):
    if value > limit + margin:
        return True
    return False if value < limit - margin else None


@dataclass
class Moment:
    """Around the pop; elevations are relative to where the legs started, speeds have no sign."""
    tilt: float
    tilt_rate: float
    slowest: float
    fastest: float
    lowest: float
    is_down: object  # True, False, None
    preset: float  # the tilt of the pelvis before the set; None: there was none


class Body:
    def __init__(self, athlete, body):
        self.athlete, self.body = athlete, body
        self.is_hanging = athlete.exercise == "hang"
        self.zero = DEAD_HANG_DEG if self.is_hanging else 0

    def grid(self, t_us, name):
        step, start, rows = (self.body[k] for k in ("grid_us", "grid_start_us", "grid"))
        column = self.body["columns"].index(name)
        at = min(max((t_us - start) / step, 0), len(rows) - 1.001)
        i = int(at)
        return rows[i][column] + (rows[i + 1][column] - rows[i][column]) * (at - i)

    def rate(self, t_us, name):
        return (self.grid(t_us + 50000, name) - self.grid(t_us - 50000, name)) / 0.1

    def reps_before(self, t_us, since_us=0):
        return [r for r in self.body["reps"] if since_us < r["t_us"] and r["end_us"] < t_us]

    def span(self):
        return self.athlete.span if self.athlete.calibration == ("all",) else SPAN_DEFAULT_DEG

    def scale(self, share=0):
        """Where F1 starts, is a fault, and is at its maximum; the span may be off by a share."""
        if self.is_hanging:
            return HANG_SCALE_DEG
        return tuple(x * self.span() * (1 + share) for x in (0.45, 0.9, 1.35))

    # ---- the control angle (7.1)

    def loss(self, rep, tilts, limit):
        """Elevation at which the tilt first exceeds the limit for 100 ms."""
        if not self.is_hanging:
            return rep["theta_loss_deg"]
        for (t, a), (_, b), (_, c) in zip(tilts, tilts[1:], tilts[2:]):
            if min(a, b, c) > limit:
                return self.grid(t, "elev_left") - self.zero
        return None

    def control_angles(self, t_us, since_us):
        """The lowest and highest angle that the median of the last 5 losses can have; a doubtful
        loss counts both ways."""
        limit = self.scale()[0]
        sure, doubtful = [], []
        for rep in self.reps_before(t_us, since_us):
            lower = next(iter(rep["sides"].values()))["LOWER"][0]
            if lower is None:
                continue
            tilts = [(t, self.grid(t, "tilt")) for t in range(int(lower), int(rep["end_us"]),
                                                              self.body["grid_us"])]
            top, angle = max((x for _, x in tilts), default=0), self.loss(rep, tilts, limit)
            if angle is not None and top > limit + TILT_DEG:
                sure.append(angle)
            elif top > limit - TILT_DEG:
                doubtful.append(angle or CONTROL_DEFAULT_DEG)
        angles = []
        for losses in (sure, sure + doubtful):
            last = sorted(losses[-5:])
            angles.append(last[len(last) // 2] if last else CONTROL_DEFAULT_DEG)
            if last:
                angles.append(last[(len(last) - 1) // 2])
        angles += doubtful
        margin = LOSS_DEG if sure or doubtful else 0
        return min(angles) - margin, max(angles) + margin

    def losses(self, since_us):
        """For each lowering: between which instants its tilt leaves the limit, and True; None if it
        surely does not. (A18: the athlete is told within the repetition.)"""
        low, high = self.scale(-SPAN_SHARE)[0] - TILT_DEG, self.scale(SPAN_SHARE)[0] + TILT_DEG
        for rep in self.body["reps"]:
            lower = next(iter(rep["sides"].values()))["LOWER"]
            if rep["t_us"] < since_us or lower[0] is None or not rep["count"]:
                continue
            tilts = [(t, self.grid(t, "tilt")) for t in range(int(lower[0]), int(rep["end_us"]),
                                                              self.body["grid_us"])]
            first = next((t for t, x in tilts if x > low), None)
            # Above it for 150 ms.
            sure = next((t for (t, a), (_, b), (_, c), (_, d) in
                         zip(tilts, tilts[1:], tilts[2:], tilts[3:])
                         if min(a, b, c, d) > high), None)
            if first is None:
                yield lower[0], rep["end_us"], None
            elif sure is not None and sure < rep["end_us"] - 500000:
                yield first, max(sure, lower[1]), True

    # ---- the instant

    def swinging(self, sound, t_us):
        """Phase by side (7.1): that of the leg on the side of the site, none at the midline."""
        legs = {"hip-left": ("elev_left",), "hip-right": ("elev_right",)}.get(
            sound.where, ("elev_left", "elev_right"))
        speeds = [self.rate(t_us, leg) for leg in legs]
        down = [True if v < -9 else False if v > 9 else None for v in speeds]
        return Moment(self.grid(t_us, "tilt"), self.rate(t_us, "tilt"), min(map(abs, speeds)),
                      max(map(abs, speeds)), min(self.grid(t_us, leg) for leg in legs),
                      down[0] if len(set(down)) == 1 else None, sound.tilt)

    def moment(self, sound, pop):
        t_us = pop["t_us"]
        if sound.is_swinging:
            return self.swinging(sound, t_us)
        speed = abs(pop["speed"])
        if sound.is_held:
            return Moment(pop["tilt"], self.rate(t_us, "tilt"), speed, speed, 90, False, None)
        lowest = min(self.grid(t_us, "elev_left"), self.grid(t_us, "elev_right")) \
            if self.athlete.exercise != "single" else pop["elev"]
        return Moment(pop["tilt"], self.rate(t_us, "tilt"), speed, speed, lowest - self.zero,
                      pop["phase"] == "LOWER", self.athlete.sets[sound.rep]["tilt"])

    # ---- 7.5

    @staticmethod
    def tilt_points(tilt, scale):
        begin, fault, severe = scale
        if tilt <= begin:
            return 0
        return min(40 + (tilt - fault) * 20 / (severe - fault), 60) if tilt > fault else \
            (tilt - begin) * 40 / (fault - begin)

    def form(self, sound, pop, since_us, is_control_open):
        """The lowest and highest points of each part. is_control_open: the angle at which the tilt
        was lost is unknown."""
        m, span = self.moment(sound, pop), self.span()
        keys = self.athlete.sets[sound.rep] if sound.rep >= 0 else {}
        parts = {f"f{i}": [0, 0] for i in range(1, 8)}

        def add(part, answer, points):
            parts[part][0] += points if answer is True else 0
            parts[part][1] += points if answer is not False else 0

        parts["f1"] = [self.tilt_points(m.tilt - TILT_DEG, self.scale(SPAN_SHARE)),
                       self.tilt_points(m.tilt + TILT_DEG, self.scale(-SPAN_SHARE))]
        add("f2", self.is_arching(m), 10)
        slowest, fastest = m.slowest * (1 - SPEED_SHARE), m.fastest * (1 + SPEED_SHARE)
        if sound.keys.get("arrest"):
            slowest *= 0.4
        if sound.keys.get("surge", 1) > 1:
            fastest *= sound.keys["surge"]
        if m.is_down is not False:
            low, high = self.control_angles(pop["t_us"], since_us)
            answers = [True if m.lowest < low - 5 - ELEVATION_DEG else
                       False if m.lowest > high - 5 + ELEVATION_DEG else None]
            answers = [None] if is_control_open else answers
            answers += [True if slowest > limit else False if fastest < limit else None
                        for limit in (60, 90)]
            answers = [a if m.is_down or not a else None for a in answers]
            add("f3", answers[0], 20)
            add("f4", answers[1], 10)
            add("f4", answers[2], 10)
            # Smoothness is measured over the whole lowering, against the five repetitions before.
            is_rough = sound.keys.get("arrest") or sound.keys.get("surge") or \
                keys.get("lower", 0) < 2
            if len(self.reps_before(pop["t_us"])) >= 5 and is_rough:
                add("f5", None, 10)
        add("f6", self.asymmetry(keys, pop), 10)
        if m.preset is not None:
            breath = self.athlete.breath
            add("f7", True if m.preset - breath > 0.25 * span * (1 + SPAN_SHARE) + PRESET_DEG
                else False if m.preset + breath < 0.25 * span * (1 - SPAN_SHARE) - PRESET_DEG
                else None, 10)
        return parts

    def is_arching(self, m):
        limit = self.scale()[0]
        if m.tilt <= limit - TILT_DEG:
            return False
        return some(None if m.tilt < limit + TILT_DEG and m.tilt_rate > 1 else False,
                    above(m.tilt_rate, 0.36 * m.fastest, 0.15 * m.fastest + 2))

    def asymmetry(self, keys, pop):
        apart = abs(self.grid(pop["t_us"], "elev_left") - self.grid(pop["t_us"], "elev_right"))
        is_double = self.athlete.exercise not in ("single", "flutter", "generic-core")
        answers = [above(apart, 10, ASYMMETRY_DEG) if is_double else False]
        if keys.get("roll") and pop["phase"] == "LOWER":
            # sin^2 over the lowering: near the middle almost the full roll.
            share = abs(pop["elev"] - 37.5) / 37.5
            answers.append(above(abs(keys["roll"]), 6, ROLL_DEG) if share < 0.25 else None)
        elif keys.get("roll"):
            answers.append(None)
        return some(*answers)

    # ---- 2.4

    def kinematic(self, sound, pop):
        """Is there a sign, and which codes can report it?"""
        if sound.rep < 0:
            return False, set()
        keys = self.athlete.sets[sound.rep]
        arrest, surge = sound.keys.get("arrest", 0), sound.keys.get("surge", 1)
        speed = abs(pop["speed"])
        is_native = self.athlete.kinds("thigh-left", "thigh-right") == {"coxa"}
        if arrest:
            in_the_way = 12 < pop["elev"] < keys["range"] - 12
            codes = {"KIN_CATCH"} if arrest < 400 else \
                {"KIN_LOCK"} if arrest > 650 else {"KIN_CATCH", "KIN_LOCK"}
            return (True if arrest >= 90 and speed > 23 and in_the_way and is_native
                    else None), codes
        if surge > 1:
            return (True if speed * (surge - 1) > 65 and is_native else None), {"KIN_GIVING_WAY"}
        return self.tilt_jump(pop["t_us"]), {"KIN_GIVING_WAY"}

    def tilt_jump(self, t_us):
        """Six degrees in 200 ms, within 300 ms after the pop: started by then, or finished."""
        def jump(begin, end):
            return max(self.grid(t + 200000, "tilt") - self.grid(t, "tilt")
                       for t in range(int(t_us + begin), int(t_us + end), 20000))

        if jump(0, 100000) > JUMP_DEG + JUMP_MARGIN_DEG:
            return True
        return False if jump(-200000, 400000) < JUMP_DEG - JUMP_MARGIN_DEG else None
