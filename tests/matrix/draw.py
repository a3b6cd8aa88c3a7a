# SPDX-License-Identifier: MIT
"""Draws a set of exercise from a seed, as a script for coxa-gym: who wears what and how, what the
radio and the clocks do, what is done, heard and felt.

What is drawn is also kept as plain data, so that oracle.py can say what coxad must conclude. The
same seed draws the same set. Ranges are those of doc/decision-model.md, sections 1.3, 2 and 8.
Some sets (is_near) are drawn close to the limits, the others stay away from them.
"""
import random

from script import ALARMS, HIPS, SITES, TURNS, Athlete, Set, Sound, Symptom, Wearable, keyed, \
    number, script_of
from stories import STORIES, Stories
from ways import Ways

REPEATED = ("supine-straight", "supine-bent", "single")
# Wearables that can be bought for a body segment. Their button, if any, can only report discomfort.
VENDOR_KINDS = ("movella-dot", "witmotion", "witmotion-logger", "movesense", "metamotion",
                "thingy52")
ONE_BUTTON = ("movella-dot", "metamotion", "thingy52")


class Drawer(Ways, Stories):
    def __init__(self, seed, intent=None):
        self.r = random.Random(f"coxa {seed}")
        weights = {"benign": 26, "form_fault": 20, "red_flag": 24, "review": 12, "not_a_pop": 12,
                   "symptom_only": 6, **STORIES}
        intent = intent or self.r.choices(list(weights), list(weights.values()))[0]
        self.set = Set(seed, intent, self.chance(0.15))
        self.first = 0

    # ---- chance

    def chance(self, share):
        return self.r.random() < share

    def between(self, low, high):
        return self.r.uniform(low, high)

    def pick(self, *words):
        return self.r.choice(words)

    # ---- who wears what

    def radio(self):
        keys = {"interval-ms": self.pick(7.5, 15, 15, 30, 30, 45), "mtu": self.pick(23, 185, 247),
                "loss": self.pick(0, 0.02, 0.05, 0.1, 0.2), "jitter-ms": self.between(0.5, 5),
                "spikes": self.pick(0, 0.02, 0.1)}
        if keys["mtu"] == 23:  # one sample per packet: only a fast link can carry that
            keys["interval-ms"] = 7.5
            keys["loss"] = min(keys["loss"], 0.05)
        return keys

    def clock(self):
        keys = {"ppm": self.between(-150, 150)}
        if self.chance(0.15):  # the counter wraps during the exercise
            keys["clock"] = str(4294967295 - self.r.randrange(20, 120) * 1000000)
        return keys

    def sensor(self, is_default):
        keys = {"noise-mg": self.between(0.3, 1.5), "noise-dps": self.between(0.02, 0.08),
                "bias-mg": self.between(0, 15), "bias-dps": self.between(0, 1)}
        if is_default:
            keys["mount"] = "default"
        return keys

    def wear(self, a, placement, **keys):
        is_default = a.calibration == ("flat-back",) and "hip" not in placement and \
            placement != "low-back"
        kind = keys.get("kind", "coxa")
        own = {**self.radio(), **self.clock()} if kind in ("coxa", "bluest") else \
            {"interval-ms": self.pick(15, 30), "mtu": 247, "loss": self.pick(0, 0.02, 0.05)}
        a.wearables.append(Wearable(placement, {**own, **self.sensor(is_default), **keys}))

    def leg_kind(self, a, vendor):
        if vendor:
            return {"kind": self.pick(*vendor)}
        if self.chance(0.05) and a.calibration == ("all",):
            return {"kind": "bluest", "local-name": "AM1V420", "mtu": 247}
        return {}

    def vendor_kinds(self, a):
        """The kinds in a kit of bought wearables; empty: a native kit."""
        if a.exercise in ("flutter", "generic-core") or a.calibration != ("all",) or \
                not self.chance(0.14):
            return ()
        return (self.pick(*VENDOR_KINDS),) if self.chance(0.5) else VENDOR_KINDS

    def dress(self, a):
        s = self.set
        vendor = self.vendor_kinds(a)
        if not (s.intent == "review" and s.is_pelvis_gone):
            self.wear(a, "pelvis", **({"kind": self.pick(*vendor)} if vendor else {}))
        thighs = ["thigh-left", "thigh-right"]
        if a.exercise == "supine-straight" and s.intent not in ("review", "kinematic") and \
                self.chance(0.06):
            thighs.remove(self.pick(*thighs))
        if a.exercise == "generic-core" and self.chance(0.5):
            thighs = []
        for thigh in thighs:
            self.wear(a, thigh, **self.leg_kind(a, vendor))
        if self.chance(0.1):
            self.wear(a, "lumbar")
        self.put_pads(a, vendor)

    def put_pads(self, a, vendor):
        s = self.set
        is_thingy = s.is_streamed and self.chance(0.3)
        for pad in ("hip-right", "hip-left", "low-back"):
            if pad != "hip-right" and self.chance(0.35) and s.intent != "red_flag":
                continue
            if is_thingy:
                self.wear(a, pad, kind="thingy52")
            elif s.is_streamed and not (s.is_mixed and pad == "hip-left"):
                self.wear(a, pad, streams="motion acoustic symptom", **{"interval-ms": 15,
                                                                         "mtu": 247})
            else:
                self.wear(a, pad)

    def athlete(self, name, kit, exercise=None, calibration=None):
        s = self.set
        exercise = exercise or self.r.choices(REPEATED, (7, 2, 2))[0]
        may_be_short = s.intent != "review" and exercise not in ("single", "flutter", "hang")
        usual = ("flat-back",) if may_be_short and self.chance(0.08) else ("all",)
        a = Athlete(name, kit, exercise, self.between(5.5, 13), self.between(0, 0.5),
                    self.between(0.7, 1), calibration or usual)
        s.athletes.append(a)
        self.dress(a)
        return a

    # ---- what is done

    def reps(self, a, count, **keys):
        low, high = TURNS[a.exercise]
        usual = {"range": high - low if a.exercise == "supine-bent"
                 else self.between(60, 80), "raise": self.between(1.3, 3),
                 "top": self.between(0.3, 1.5), "lower": self.between(3.2, 6),
                 "bottom": self.between(1, 2), "tilt": self.between(0, 0.13 * a.span)}
        if a.exercise == "single":
            usual["side"] = self.pick("left", "right", "alternate") if a.has("hip-left") \
                else "right"
        usual.update(keys)
        first = len(a.sets)
        a.lines.append(f"set {count}{keyed(usual)}")
        a.sets += [usual] * count
        return first

    def begin(self, a):
        pose = "stand" if a.exercise == "hang" else "lie"
        a.lines.append(f"{pose} {number(self.between(4, 6))}")
        a.lines += [f"calibrate {step}" for step in a.calibration]
        if self.set.has_room and self.chance(0.4):
            a.lines.append("calibrate clap")
            for _ in range(3):
                self.set.sounds.append(Sound("clap", "", "", owner=a))

    # ---- what is heard

    def place(self, a, phase=None, margin=16):
        """A place in the movement, away from its ends."""
        low, high = TURNS[a.exercise]
        if a.sets:
            high = low + a.sets[-1]["range"]
        margin = min(margin, (high - low) / 2.5)
        phase = phase or self.r.choices(("lower", "raise"), (4, 1))[0]
        return phase, self.between(low + margin, high - margin)

    def sound(self, a, kind, where, when, **keys):
        s = Sound(kind, where, when, keys, owner=a)
        self.set.sounds.append(s)
        a.lines.append(s)
        return s

    def moving(self, a, rep):
        """Where a pop can come from: a hip whose leg does not move makes none."""
        side = a.sets[rep].get("side", "both") if rep >= 0 else "both"
        if side == "alternate":
            side = "right" if (rep - self.first) % 2 else "left"
        return ("back", "left", "right") if side == "both" else ("back", side)

    def pop_keys(self, kind, **keys):
        """The sound of a joint, decision-model.md 1.1 and 1.3."""
        peak, snr = self.between(-30, -9), self.between(17, 35)
        if self.set.is_streamed:
            peak = self.between(-24, -9)
        peak = keys.get("peak", peak)
        keys = {"peak": peak, "background": peak - snr, "rise": self.between(0.7, 3.5),
                "t10": self.between(3, 30), "centroid": self.between(130, 1500),
                "kurtosis": self.between(11, 40), "car": self.between(15, 35),
                "knock": self.between(0.02, 0.2), **keys}
        if kind == "crack":
            keys["pulses"] = self.r.randrange(1, 6)
            keys["t10"] = self.between(3, 12)
        if self.set.is_streamed:
            # Longer ringing, or more pulses in 60 ms, do not have the kurtosis of a pop.
            keys["t10"] = self.between(3, 5 if kind == "crack" else 9)
            keys["centroid"] = min(keys["centroid"], 700)
        return keys

    def pop_at(self, a, when, where=None, rep=-1, **keys):
        where = where or self.pick(*[p for p in HIPS + ("low-back",) if a.has(p) and
                                     p[4:] in self.moving(a, rep)])
        kind = "crack" if where == "low-back" else "pop"
        s = self.sound(a, kind, where, when, **self.pop_keys(kind, **keys))
        s.rep = rep
        if self.chance(0.5 if self.set.is_streamed else 0.2):
            for other in HIPS + ("low-back",):
                if other != where and a.has(other):
                    s.heard.append((other, self.between(-16, -6), self.between(0.8, 2.6)))
        return s

    def real(self, a, rep, where=None, phase=None, elevation=None, **keys):
        drawn = self.place(a, phase)
        phase, elevation = drawn[0], drawn[1] if elevation is None else elevation
        return self.pop_at(a, f"rep {rep - self.first + 1} {phase} {number(elevation)}", where,
                           rep, **keys)

    def noise_kinds(self, a, rep):
        kinds = ["heel", "drop", "speech", "rub", "tap", "weak", "faint", "slow"]
        if rep == len(a.sets) - 1:
            kinds.append("loose")  # after it, nothing is calibrated any more
        if self.set.room_kind:  # which streams everything 39 dB weaker, faint or not
            kinds.remove("faint")
        if self.set.is_streamed:
            kinds = ["heel", "drop", "speech", "rub"]
        if a.exercise in ("supine-bent", "hang") or not a.has("thigh-left") or \
                not a.has("thigh-right") or "thingy52" in a.kinds("thigh-left", "thigh-right"):
            kinds.remove("heel")
        if "thingy52" in a.kinds("hip-right", "hip-left"):
            kinds = [k for k in kinds if k in ("drop", "speech", "rub")]
        return kinds

    def noise(self, a, rep, kind=None):
        kind = kind or self.pick(*self.noise_kinds(a, rep))
        pad = self.pick(*[p for p in HIPS if a.has(p)])
        wearable = a.name_of(pad)
        number_in_set = rep - self.first + 1
        phase, elevation = self.place(a, "lower", 20)
        when = f"rep {number_in_set} {phase} {number(elevation)}"
        if kind == "heel":
            s = self.sound(a, "heel", "", f"rep {number_in_set} bottom",
                           shock=self.between(0.7, 2))
        elif kind == "drop":
            s = self.sound(a, "drop", "", when, shock=self.between(0.08, 0.25))
        elif kind == "speech":
            s = self.sound(a, "speech", "", when, t10=self.between(300, 600),
                           kurtosis=self.between(2, 4.5), car=self.between(-6, 3))
        elif kind == "rub":
            s = self.sound(a, "rub", wearable, when, t10=self.between(110, 230),
                           kurtosis=self.between(2.5, 5))
        elif kind == "tap":
            s = self.sound(a, "tap", wearable, when, knock=self.between(0.6, 3),
                           centroid=self.between(2800, 4000))
        elif kind == "weak":
            s = self.real(a, rep, pad, "lower", elevation)
            # Below 8 dB the wearable reports nothing.
            s.keys["background"] = s.keys["peak"] - self.between(8.6, 10.5)
        elif kind == "faint":
            s = self.real(a, rep, pad, "lower", elevation, car=self.between(-5, 6))
        elif kind == "slow":
            s = self.real(a, rep, pad, "lower", elevation, rise=self.between(7, 15))
        else:
            s = self.sound(a, "burst", wearable, when)
            a.lines.append(f"fault {wearable} shift {number(self.between(13, 30))} "
                           f"at pop-{number(self.between(0.1, 0.8))}")
        s.noise, s.rep = kind if kind in ("weak", "faint", "slow") else None, rep
        return s

    # ---- what is felt

    def intensity(self, code):
        if code == "discomfort":
            return {"intensity": self.r.randrange(1, 11)}
        return {"intensity": self.r.randrange(1, 11)} if self.chance(0.6) else {}

    def has_one_button(self, a):
        """The athlete presses the button of the first wearable that has one."""
        first = [w for w in a.wearables if w.keys.get("kind") in ONE_BUTTON or
                 w.placement in HIPS + ("low-back",)]
        return first[0].keys.get("kind") in ONE_BUTTON

    def symptom(self, a, code=None, when="here+0", by=None, **keys):
        code = code or self.pick(*ALARMS)
        by = by or self.pick("button", "button", "trainer", "athlete")
        is_bare = by == "button" and self.has_one_button(a)
        if is_bare and (code != "discomfort" or keys):
            is_bare, by = False, "trainer"
        if is_bare:
            keys = {"site": "unknown"}
        else:
            keys = {"site": self.pick(*SITES), **self.intensity(code), **keys}
            if self.chance(0.5):
                keys["side"] = self.pick("left", "right")
        s = Symptom(code, keys, by, when)
        if when.startswith("pop+"):
            self.set.tail = max(self.set.tail, float(when[4:]) + 4)
        self.set.symptoms.append((a, s))
        a.lines.append(s)
        return s

    def after_pop(self, code):
        """Seconds after a pop, well inside the symptom's window."""
        return self.between(0.4, 116 if code in ("radiating", "numb") else 27)

    # ---- all of it

    def trouble(self, a):
        """A wearable that is out of reach around a pop changes nothing: the pop is asked for
        again."""
        pops = [s for s in self.set.sounds
                if s.owner is a and s.kind in ("pop", "crack") and s.rep >= 0]
        if pops and not self.set.is_streamed and self.set.intent == "benign" and \
                self.chance(0.06) and isinstance(a.lines[-1], Sound) and not pops[-1].heard:
            a.lines.append(f"fault {a.name_of(pops[-1].where)} away for "
                           f"{number(self.between(3, 8))} at pop-1")
            pops[-1].is_late = True
            self.set.tail = max(self.set.tail, 15)

    def draw(self):
        s = self.set
        if s.intent in STORIES:
            getattr(self, f"tell_{s.intent}")()
            return s
        s.is_streamed = self.chance(0.11)
        s.is_mixed = s.is_streamed and self.chance(0.25)
        s.has_room = self.chance(0.25)
        s.room_kind = self.pick(None, "thingy52") if s.has_room else None
        s.is_pelvis_gone = s.intent == "review" and self.chance(0.2)
        a = self.athlete("ana", "3")
        self.begin(a)
        getattr(self, f"draw_{s.intent}")(a)
        self.trouble(a)
        if self.chance(0.12) and s.intent != "review":
            b = self.athlete("ben", "4")
            self.begin(b)
            getattr(self, f"draw_{self.pick('benign', 'form_fault', 'not_a_pop')}")(b)
        return s


def draw(seed, intent=None):
    return Drawer(seed, intent).draw()


if __name__ == "__main__":
    import sys
    sys.stdout.write(script_of(draw(int(sys.argv[1]))))
