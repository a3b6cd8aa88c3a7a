# SPDX-License-Identifier: MIT
"""A set of exercise drawn from a seed, as a script for coxa-gym: who wears what and how, what the
radio and the clocks do, what is done, heard and felt.

What is drawn is also kept as plain data, so that oracle.py can say what must come out. The same
seed draws the same set. Ranges are those of doc/domain.md, sections 1.3, 2 and 8; a share of the
sets (is_near) is drawn right across the limits, the others keep away from them.
"""
import random
from dataclasses import dataclass, field

ALARMS = ("sharp", "shooting", "stinging", "discomfort", "radiating", "numb", "catching",
          "locking", "giving_way")
SITES = ("low_back", "hip", "groin", "buttock", "thigh", "leg", "unknown")
HIPS = ("hip-right", "hip-left")
# Where the legs of an exercise turn: bottom, top.
TURNS = {"supine-straight": (0, 75), "supine-bent": (52, 90), "single": (0, 75)}


@dataclass
class Wearable:
    placement: str
    keys: dict = field(default_factory=dict)


@dataclass
class Sound:
    """One line of the script that is heard; its place in Set.sounds is that in the truth."""
    kind: str
    where: str  # a placement, a wearable, or nothing
    when: str
    keys: dict = field(default_factory=dict)
    heard: list = field(default_factory=list)
    owner: object = None
    noise: str = None
    rep: int = -1  # index over all repetitions of the athlete
    is_stepped: bool = False
    is_late: bool = False


@dataclass
class Symptom:
    code: str
    keys: dict
    by: str
    when: str
    cleared_after: float = None


@dataclass
class Athlete:
    name: str
    kit: str
    exercise: str
    span: float
    breath: float
    lordosis: float
    calibration: tuple
    wearables: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    sets: list = field(default_factory=list)  # of each repetition, the keys of its set

    def has(self, placement):
        return any(w.placement == placement for w in self.wearables)

    def name_of(self, placement):
        return f"{self.kit}-{placement}"


@dataclass
class Set:
    seed: int
    intent: str
    is_near: bool
    athletes: list = field(default_factory=list)
    sounds: list = field(default_factory=list)
    symptoms: list = field(default_factory=list)
    has_room: bool = False
    is_streamed: bool = False
    is_pelvis_gone: bool = False
    tail: float = 4


def number(value):
    return f"{value:.4g}"


def keyed(keys):
    return "".join(f" {k} {v if isinstance(v, str) else number(v)}" for k, v in keys.items())


class Drawer:
    def __init__(self, seed, intent=None):
        self.r = random.Random(f"coxa {seed}")
        weights = {"benign": 26, "form_fault": 20, "red_flag": 24, "review": 12, "not_a_pop": 12,
                   "symptom_only": 6}
        intent = intent or self.r.choices(list(weights), list(weights.values()))[0]
        self.set = Set(seed, intent, self.chance(0.15))

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
        if keys["mtu"] == 23:  # a sample a packet: only a quick link carries it
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
        a.wearables.append(Wearable(placement, {**self.radio(), **self.clock(),
                                                **self.sensor(is_default), **keys}))

    def dress(self, a):
        s = self.set
        pads = ["hip-right", "hip-left", "low-back"]
        if not (s.intent == "review" and s.is_pelvis_gone):
            self.wear(a, "pelvis")
        thighs = ["thigh-left", "thigh-right"]
        if a.exercise == "supine-straight" and s.intent != "review" and self.chance(0.06):
            thighs.remove(self.pick(*thighs))
        for thigh in thighs:
            if self.chance(0.05) and a.calibration == ("all",):
                self.wear(a, thigh, kind="bluest", **{"local-name": "AM1V420"})
                a.wearables[-1].keys["mtu"] = 247
            else:
                self.wear(a, thigh)
        if self.chance(0.1):
            self.wear(a, "lumbar")
        for pad in pads:
            if pad != "hip-right" and self.chance(0.35) and s.intent != "red_flag":
                continue
            if s.is_streamed:
                self.wear(a, pad, streams="motion acoustic symptom", **{"interval-ms": 15,
                                                                         "mtu": 247})
            else:
                self.wear(a, pad)

    def athlete(self, name, kit):
        s = self.set
        exercise = self.r.choices(list(TURNS), (7, 2, 2))[0]
        calibration = ("flat-back",) if s.intent != "review" and exercise != "single" and \
            self.chance(0.08) else ("all",)
        a = Athlete(name, kit, exercise, self.between(5.5, 13), self.between(0, 0.5),
                    self.between(0.7, 1), calibration)
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
            usual["side"] = self.pick("left", "right", "alternate") if a.has("hip-left") else "right"
        usual.update(keys)
        first = len(a.sets)
        a.lines.append(f"set {count}{keyed(usual)}")
        a.sets += [usual] * count
        return first

    def begin(self, a):
        a.lines.append(f"lie {number(self.between(3, 6))}")
        a.lines += [f"calibrate {step}" for step in a.calibration]
        if self.set.has_room and self.chance(0.4):
            a.lines.append("calibrate clap")
            for _ in range(3):
                self.set.sounds.append(Sound("clap", "", "", owner=a))

    # ---- what is heard

    def place(self, a, phase=None, margin=16):
        """Where in the movement, away from its ends."""
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
        """Sides of the hips that a pop may come from: a leg that lies still makes none."""
        side = a.sets[rep].get("side", "both")
        if side == "alternate":
            side = "right" if (rep - self.first) % 2 else "left"
        return ("back", "left", "right") if side == "both" else ("back", side)

    def real(self, a, rep, where=None, phase=None, elevation=None, **keys):
        """A pop or a crack as a joint makes it, domain.md 1.1 and 1.3."""
        where = where or self.pick(*[p for p in HIPS + ("low-back",) if a.has(p) and
                                     p[4:] in self.moving(a, rep)])
        kind = "crack" if where == "low-back" else "pop"
        drawn = self.place(a, phase)
        phase, elevation = drawn[0], drawn[1] if elevation is None else elevation
        peak, snr = self.between(-30, -9), self.between(17, 35)
        if self.set.is_streamed:
            peak = self.between(-24, -9)
        keys = {"peak": peak, "background": peak - snr, "rise": self.between(0.7, 3.5),
                "t10": self.between(3, 30), "centroid": self.between(130, 1500),
                "kurtosis": self.between(11, 40), "car": self.between(15, 35),
                "knock": self.between(0.02, 0.2), **keys}
        if kind == "crack":
            keys["pulses"] = self.r.randrange(1, 6)
            keys["t10"] = self.between(3, 12)
        if self.set.is_streamed:
            # Longer rings, and more of them in 60 ms, have no kurtosis of a pop.
            keys["t10"] = self.between(3, 5 if kind == "crack" else 9)
            keys["centroid"] = min(keys["centroid"], 700)
        s = self.sound(a, kind, where, f"rep {rep - self.first + 1} {phase} {number(elevation)}",
                       **keys)
        s.rep = rep
        if kind == "pop" and self.chance(0.2):
            for other in ("hip-left", "hip-right", "low-back"):
                if other != where and a.has(other):
                    s.heard.append((other, self.between(-16, -6), self.between(0.8, 2.6)))
        return s

    def noise(self, a, rep, kind=None):
        kinds = ["heel", "drop", "speech", "rub", "tap", "weak", "faint", "slow"]
        if rep == len(a.sets) - 1:
            kinds.append("loose")  # after it nothing is calibrated
        if self.set.is_streamed:
            kinds = ["heel", "drop", "speech", "rub"]
        if a.exercise == "supine-bent" or not a.has("thigh-left") or not a.has("thigh-right"):
            kinds.remove("heel")
        kind = kind or self.pick(*kinds)
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
            # Below 8 dB the wearable is silent.
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

    def symptom(self, a, code=None, when="here+0", by=None, **keys):
        code = code or self.pick(*ALARMS)
        keys = {"site": self.pick(*SITES), **self.intensity(code), **keys}
        if self.chance(0.5):
            keys["side"] = self.pick("left", "right")
        s = Symptom(code, keys, by or self.pick("button", "button", "trainer", "athlete"), when)
        if when.startswith("pop+"):
            self.set.tail = max(self.set.tail, float(when[4:]) + 4)
        self.set.symptoms.append((a, s))
        a.lines.append(s)
        return s

    def after_pop(self, code):
        """Seconds after a pop, well within the symptom's window."""
        return self.between(0.4, 116 if code in ("radiating", "numb") else 27)

    # ---- the intents

    def draw_benign(self, a):
        count = self.r.randrange(2, 5)
        self.first = self.reps(a, count)
        for i in range(1, count):
            if self.chance(0.75) or i == count - 1:
                self.real(a, self.first + i)
        if self.chance(0.12):
            pad = self.pick(*[p for p in HIPS if a.has(p)])
            a.lines.append("stand 5")
            s = self.sound(a, "pop", pad, f"here+{number(self.between(0, 2))}",
                           car=self.between(15, 30))
            a.lines.append("wait 4")
            s.rep = -1
        elif self.chance(0.2):
            self.symptom(a, self.pick("none", *ALARMS), f"pop+{number(self.between(1, 20))}",
                         site="other")
            self.set.symptoms[-1][1].keys["site"] = "other"
        elif self.chance(0.15):
            self.clear_and_go_on(a)

    def clear_and_go_on(self, a):
        """A pain that the trainer cleared, long before the next pop."""
        s = self.symptom(a, when="here+0", by="trainer")
        s.cleared_after = 20
        self.set.symptoms[-1] = (a, s)
        a.lines.append(f"send clear-symptoms at symptom+20 "
                       f'{{"athlete":"{a.name}","by":"kim"}}')
        a.lines.append("wait 150")
        self.first = self.reps(a, 2)
        self.real(a, self.first + 1)

    def arch(self, a, share, at):
        """The back arches to that share of the span while the legs sink past `at`."""
        low, _ = TURNS[a.exercise]
        tilt = min(share * a.span, 26)
        start = min(at + self.between(10, 18), low + 50, 89)
        end = max(at - self.between(0.5, 3), low + 1)
        return f"{number(tilt)} {number(start)} {number(min(end, start - 3))}"

    def draw_form_fault(self, a):
        kind = self.r.choices(("arch", "dropped"), (4, 1))[0]
        if a.exercise == "supine-bent":
            kind = "arch"
        if kind == "dropped":
            self.first = self.reps(a, 2)
            high = 75
            self.first = self.reps(a, 1, range=high, lower=self.between(1.1, 1.35),
                                   roll=self.pick(-1, 1) * self.between(10, 15),
                                   tilt=self.between(0.36, 0.4) * a.span)
            # 20 of speed, 10 of roll, 10 of the tilt before
            self.real(a, self.first, phase="lower", elevation=self.between(36, 42))
            return
        count = self.r.randrange(2, 5)
        low, _ = TURNS[a.exercise]
        at = low + self.between(13, 30 if a.exercise != "supine-bent" else 20)
        share = self.between(0.3, 1.9) if self.set.is_near else self.between(1.2, 2)
        self.first = self.reps(a, count, arch=self.arch(a, share, at),
                               lower=self.between(3.5, 6))
        for i in range(1, count):
            if self.chance(0.8) or i == count - 1:
                self.real(a, self.first + i, phase="lower", elevation=at)

    def draw_red_flag(self, a):
        way = self.r.choices(("after", "before", "open", "twice", "two"), (9, 4, 3, 2, 2))[0]
        if way == "twice" and a.exercise == "supine-bent":
            way = "after"
        if way in ("after", "two"):
            count = self.r.randrange(2, 4)
            self.first = self.reps(a, count, **self.some_arch(a))
            self.real(a, self.first + count - 1)
            for _ in range(2 if way == "two" else 1):
                code = self.pick(*ALARMS)
                offset = self.after_pop(code) if not self.set.is_near else \
                    self.between(0.2, 40 if code not in ("radiating", "numb") else 130)
                self.symptom(a, code, f"pop+{number(offset)}")
        elif way == "before":
            self.first = self.reps(a, 1)
            self.symptom(a, when="here+0")
            a.lines.append(f"wait {number(self.between(0, 40))}")
            self.first = self.reps(a, 1)
            self.real(a, self.first)
        elif way == "open":
            self.first = self.reps(a, 1)
            self.symptom(a, when="here+0")
            a.lines.append(f"wait {number(self.between(70, 150))}")
            self.first = self.reps(a, 2)
            for i in range(2):
                self.real(a, self.first + i)
        else:
            self.first = self.reps(a, 5, lower=self.between(4.2, 5), **{"range": 75})
            elevation = self.between(30, 45)
            for i in (2, 4):
                self.real(a, self.first + i, phase="lower", elevation=elevation,
                          arrest=self.between(100, 180))

    def some_arch(self, a):
        if self.chance(0.7):
            return {}
        low, _ = TURNS[a.exercise]
        return {"arch": self.arch(a, self.between(0.2, 1.6), low + self.between(15, 25))}

    def draw_review(self, a):
        if self.set.is_pelvis_gone:
            count = 2
            self.first = self.reps(a, count)
            self.real(a, self.first + 1)
            self.maybe_answer(a)
            return
        way = self.pick("arrest", "surge", "silent", "step", "ambiguous", "uncalibrated")
        if a.exercise != "supine-straight" and way in ("arrest", "surge"):
            way = "step"
        if self.set.is_streamed and way == "step":
            way = "silent"
        if way in ("arrest", "surge"):
            self.first = self.reps(a, 3, lower=self.between(4.2, 5), **{"range": 75})
            how = {"arrest": self.between(100, 180)} if way == "arrest" else \
                {"surge": self.between(3.6, 4.2)}
            if self.set.is_near:
                how = {"arrest": self.between(20, 100)} if way == "arrest" else \
                    {"surge": self.between(1.5, 3.5)}
            self.real(a, self.first + 2, phase="lower", elevation=self.between(30, 46), **how)
            self.maybe_answer(a)
        elif way == "silent":
            self.first = self.reps(a, 1)
            a.lines.append(f"fault {a.name_of('pelvis')} silent")
            a.lines.append("wait 5")
            self.set.is_pelvis_gone = True
            self.first = self.reps(a, 2)
            self.real(a, self.first + 1)
            self.maybe_answer(a)
        elif way == "step":
            self.first = self.reps(a, 2)
            s = self.real(a, self.first + 1, phase="lower")
            s.heard = []
            s.is_stepped = True
            a.lines.append(f"fault {a.name_of(s.where)} clock "
                           f"{number(self.pick(-1, 1) * self.between(120, 400))} at pop-2.5")
        elif way == "ambiguous":
            self.first = self.reps(a, 2)
            others = [p for p in HIPS + ("low-back",) if a.has(p)]
            s = self.real(a, self.first + 1, where=others[0])
            s.heard = [(p, self.between(-1.5, 0), self.between(0.5, 2)) for p in others[1:2]]
        else:
            a.calibration = ()
            a.lines = [line for line in a.lines if not str(line).startswith("calibrate")]
            self.set.sounds.clear()
            self.first = self.reps(a, 2)
            self.real(a, self.first + 1)

    def maybe_answer(self, a):
        if self.chance(0.25):
            self.symptom(a, "none", f"pop+{number(self.between(3, 50))}", site="unknown")

    def draw_not_a_pop(self, a):
        count = self.r.randrange(2, 5)
        self.first = self.reps(a, count)
        for i in range(1, count):
            self.noise(a, self.first + i)
        if self.chance(0.25):
            self.symptom(a, when=f"pop+{number(self.between(0.5, 25))}")

    def draw_symptom_only(self, a):
        count = self.r.randrange(1, 3)
        self.first = self.reps(a, count)
        code = self.pick(*ALARMS)
        if self.chance(0.5):
            self.real(a, self.first + count - 1)
            offset = self.between(125, 140) if code in ("radiating", "numb") else \
                self.between(34, 60)
            self.symptom(a, code, f"pop+{number(offset)}")
        else:
            self.symptom(a, code)

    # ---- all of it

    def trouble(self, a):
        """A link or a wearable that goes between two sets changes nothing; nor does one that is
        away around a pop, which is asked for again."""
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
        s.is_streamed = self.chance(0.08)
        s.has_room = self.chance(0.25) and not s.is_streamed
        s.is_pelvis_gone = s.intent == "review" and self.chance(0.2)
        a = self.athlete("ana", "3")
        self.begin(a)
        getattr(self, f"draw_{s.intent}")(a)
        self.trouble(a)
        if self.chance(0.12) and s.intent != "review" and not s.is_streamed:
            b = self.athlete("ben", "4")
            self.begin(b)
            getattr(self, f"draw_{self.pick('benign', 'form_fault', 'not_a_pop')}")(b)
        return s


def line_of(line):
    if isinstance(line, Sound):
        heard = "".join(f" heard {p} {number(db)} {number(ms)}" for p, db, ms in line.heard)
        where = f" {line.where}" if line.where else ""
        return f"{line.kind}{where} at {line.when}{keyed(line.keys)}{heard}"
    if isinstance(line, Symptom):
        return f"symptom {line.code}{keyed(line.keys)} by {line.by} at {line.when}"
    return line


def script_of(s):
    """The text of the script."""
    out = [f"name set-{s.seed}", f"what {s.intent}", f"tail {number(s.tail)}"]
    for a in s.athletes:
        out += [f"athlete {a.name}", f"\tspan {number(a.span)}",
                f"\tbreath {number(a.breath)} 4.2", f"\tlordosis {number(a.lordosis)}"]
        out += [f"kit {a.kit}", f"\texercise {a.exercise}", f"\tathlete {a.name}"]
        for i, w in enumerate(a.wearables):
            out += [f"wearable {a.name_of(w.placement)}",
                    f"\taddress C0:A5:00:00:{int(a.kit):02X}:{i + 1:02X}", f"\tkit {a.kit}",
                    f"\tplacement {w.placement}"]
            out += [f"\t{k} {v if isinstance(v, str) else number(v)}" for k, v in w.keys.items()]
    if s.has_room:
        out += ["kit room", "\texercise generic-core", "wearable room-1",
                "\taddress C0:A5:00:00:FF:01", "\tkit room", "\tplacement room"]
    for a in s.athletes:
        out.append(f"timeline {a.name}")
        out += ["\t" + line_of(line) for line in a.lines]
    return "\n".join(out) + "\n"


def draw(seed, intent=None):
    return Drawer(seed, intent).draw()


if __name__ == "__main__":
    import sys
    sys.stdout.write(script_of(draw(int(sys.argv[1]))))
