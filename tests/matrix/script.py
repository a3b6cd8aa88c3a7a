# SPDX-License-Identifier: MIT
"""A drawn set of exercise as plain data, and its script for coxa-gym: who wears what and how, what
the radio and the clocks do, what is done, heard and felt.
"""
from dataclasses import dataclass, field

ALARMS = ("sharp", "shooting", "stinging", "discomfort", "radiating", "numb", "catching",
          "locking", "giving_way")
SITES = ("low_back", "hip", "groin", "buttock", "thigh", "leg", "unknown")
HIPS = ("hip-right", "hip-left")
# Where the legs of an exercise turn: bottom, top.
TURNS = {"supine-straight": (0, 75), "supine-bent": (52, 90), "single": (0, 75),
         "hang": (-90, -20), "flutter": (20, 40), "generic-core": (0, 75)}


@dataclass
class Wearable:
    placement: str
    keys: dict = field(default_factory=dict)


@dataclass
class Sound:
    """One line of the script with a sound; its index in Set.sounds is the one in the truth."""
    kind: str
    where: str  # a placement, a wearable, or nothing
    when: str
    keys: dict = field(default_factory=dict)
    heard: list = field(default_factory=list)
    owner: object = None
    noise: str = None
    rep: int = -1  # index over all repetitions of the athlete
    is_swinging: bool = False  # in a flutter, which has no repetitions of the script
    is_held: bool = False  # in a hold of the trunk, shortly after it began
    is_stepped: bool = False
    is_swapped: bool = False  # the pads of the hips are worn on each other's side
    is_late: bool = False


@dataclass
class Symptom:
    code: str
    keys: dict
    by: str
    when: str


@dataclass
class Override:
    """A person's decision on a pop, whose id is known only after it was played."""
    sound: Sound
    after: float  # seconds after it
    pop_class: str
    by: str
    reason: str


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
    tilt: float = 0  # the pelvis's, of a flutter or a hold

    def has(self, placement):
        return any(w.placement == placement for w in self.wearables)

    def name_of(self, placement):
        return f"{self.kit}-{placement}"

    def kinds(self, *placements):
        return {w.keys.get("kind", "coxa") for w in self.wearables if w.placement in placements}


@dataclass
class Set:
    seed: int
    intent: str
    is_near: bool
    athletes: list = field(default_factory=list)
    sounds: list = field(default_factory=list)
    symptoms: list = field(default_factory=list)
    overrides: list = field(default_factory=list)
    has_room: bool = False
    room_kind: str = None
    is_streamed: bool = False
    is_mixed: bool = False  # one pad reports among those that stream
    is_pelvis_gone: bool = False
    tail: float = 4


def number(value):
    return f"{value:.4g}"


def keyed(keys):
    return "".join(f" {k} {v if isinstance(v, str) else number(v)}" for k, v in keys.items())


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
        out += [f"\tkind {s.room_kind}"] if s.room_kind else []
    for a in s.athletes:
        out.append(f"timeline {a.name}")
        out += ["\t" + line_of(line) for line in a.lines]
    return "\n".join(out) + "\n"
