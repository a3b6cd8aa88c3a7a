# SPDX-License-Identifier: MIT
"""What must be said of each sound and each symptom of a set, by the tables of doc/domain.md,
sections 7.3 to 7.7 and 8, from the truth that coxa-gym writes and from what was drawn.

Nothing here knows how coxad measures: angles, speeds and instants are those of the truth, with a
margin to each side. Where the answer is the same at both ends of the margins it is certain, else
the case lies near a limit and any of the answers will do.
"""
from dataclasses import dataclass, field

# Margins: what a measurement may be off before a case counts as near a limit. Angles are those of
# section 2.2 for the pelvis at its best, and what the gym's sensor noise adds to the thighs.
TILT_DEG = 1.3
ELEVATION_DEG = 2.5
LOSS_DEG = 5
SPEED_SHARE = 0.08
SPAN_SHARE = 0.07
PRESET_DEG = 0.8
ASYMMETRY_DEG = 2.5
ROLL_DEG = 2.0
WINDOW_S = 1.2

SPAN_DEFAULT_DEG = 8.7
CONTROL_DEFAULT_DEG = 40
WINDOWS = {"sharp": (60, 30), "shooting": (60, 30), "stinging": (60, 30), "discomfort": (60, 30),
           "unknown": (60, 30), "radiating": (60, 120), "numb": (60, 120), "catching": (10, 30),
           "locking": (10, 30), "giving_way": (10, 30)}
REAL = ("pop", "crack")
CODES = {"sharp": "PAIN_SHARP", "shooting": "PAIN_SHARP", "stinging": "PAIN_SHARP",
         "radiating": "PAIN_RADIATING", "numb": "PAIN_RADIATING", "catching": "MECH_CATCHING",
         "locking": "MECH_LOCKING", "giving_way": "MECH_GIVING_WAY"}
# 7.3: each kind of noise and the codes that may reject it; a stream shows less than a report.
REJECTS = {"heel": {"FOOT_CONTACT"}, "drop": {"ENVIRONMENT_IMPACT", "AIRBORNE"},
           "clap": {"ENVIRONMENT_IMPACT", "AIRBORNE"}, "speech": {"SPEECH_MUSIC"},
           "rub": {"FRICTION_RUB"}, "tap": {"SENSOR_TAP"}, "burst": {"SENSOR_LOOSE"},
           "weak": {"LOW_EVIDENCE"}, "slow": {"LOW_EVIDENCE"},
           "faint": {"AIRBORNE", "ENVIRONMENT_IMPACT"}}
STREAM_REJECTS = {"SPEECH_MUSIC", "FRICTION_RUB", "LOW_EVIDENCE", "ENVIRONMENT_IMPACT",
                  "FOOT_CONTACT", "SENSOR_TAP"}


@dataclass
class Verdict:
    what: str
    t_us: int
    athlete: str
    classes: set
    is_certain: bool
    by_symptom: bool = False  # red, or a symptom's own: nothing of it may be missed
    severity: tuple = None
    has: list = field(default_factory=list)  # of each set of codes, one must be there
    phase: str = None
    site: str = None
    sound: object = None
    symptom: dict = None
    may_be_silent: bool = False


def some(*values):
    """Three-valued or: True, False, None where it depends."""
    if any(v is True for v in values):
        return True
    return None if any(v is None for v in values) else False


def above(value, limit, margin):
    if value > limit + margin:
        return True
    return False if value < limit - margin else None


def is_linked(symptom):
    return symptom["code"] not in ("none", "call_trainer") and symptom["site"] != "other" and \
        not (symptom["code"] == "discomfort" and symptom["intensity"] == 0)


def in_window(symptom, t_us):
    """Does the symptom belong to a pop at that instant? Red in doubt is no harm: None."""
    if not is_linked(symptom):
        return False
    before, after = WINDOWS[symptom["code"]]
    dt = (symptom["t_us"] - t_us) / 1e6
    if -before + WINDOW_S < dt < after - WINDOW_S:
        return True
    return None if -before - WINDOW_S < dt < after + WINDOW_S else False


class Oracle:
    def __init__(self, play, truth):
        self.play, self.truth = play, truth
        self.symptoms = []
        for (athlete, drawn), symptom in zip(play.symptoms, truth["symptoms"]):
            cleared = symptom["t_us"] + drawn.cleared_after * 1e6 if drawn.cleared_after else None
            self.symptoms.append({**symptom, "cleared_us": cleared, "athlete": athlete.name})

    # ---- the body at an instant

    def grid(self, body, t_us, name):
        step, start, rows = (body[k] for k in ("grid_us", "grid_start_us", "grid"))
        column = body["columns"].index(name)
        at = min(max((t_us - start) / step, 0), len(rows) - 1.001)
        i = int(at)
        return rows[i][column] + (rows[i + 1][column] - rows[i][column]) * (at - i)

    def reps_before(self, body, t_us):
        return [r for r in body["reps"] if r["end_us"] < t_us]

    def control_angles(self, athlete, body, t_us):
        """Lowest and highest angle that the median of the last 5 losses may have; a loss that is
        doubtful counts either way."""
        limit = 0.45 * self.span(athlete)
        sure, doubtful = [], []
        for rep in self.reps_before(body, t_us):
            lower = next(iter(rep["sides"].values()))["LOWER"][0]
            if lower is None:
                continue
            tilts = [self.grid(body, t, "tilt") for t in range(int(lower), int(rep["end_us"]),
                                                               body["grid_us"])]
            top = max(tilts, default=0)
            if rep["theta_loss_deg"] is not None and top > limit + TILT_DEG:
                sure.append(rep["theta_loss_deg"])
            elif top > limit - TILT_DEG:
                doubtful.append(rep["theta_loss_deg"] or 40)
        angles = []
        for losses in (sure, sure + doubtful):
            last = sorted(losses[-5:])
            angles.append(last[len(last) // 2] if last else CONTROL_DEFAULT_DEG)
            if last:
                angles.append(last[(len(last) - 1) // 2])
        if doubtful:
            angles += doubtful
        margin = LOSS_DEG if sure or doubtful else 0
        return min(angles) - margin, max(angles) + margin

    def span(self, athlete):
        return athlete.span if athlete.calibration == ("all",) else SPAN_DEFAULT_DEG

    # ---- 7.5

    def form(self, athlete, sound, pop):
        """Lowest and highest score."""
        body = self.truth["bodies"][athlete.name]
        span, t_us = self.span(athlete), pop["t_us"]
        keys = athlete.sets[sound.rep]
        points = [0, 0]

        def add(answer, n):
            points[0] += n if answer is True else 0
            points[1] += n if answer is not False else 0

        def tilt_points(tilt, s):
            share = tilt / s
            if share <= 0.45:
                return 0
            return min(40 + (share - 0.9) * 20 / 0.45, 60) if share > 0.9 else \
                (share - 0.45) * 40 / 0.45

        tilt = pop["tilt"]
        points[0] += tilt_points(tilt - TILT_DEG, span * (1 + SPAN_SHARE))
        points[1] += tilt_points(tilt + TILT_DEG, span * (1 - SPAN_SHARE))
        rate = (self.grid(body, t_us + 50000, "tilt") - self.grid(body, t_us - 50000, "tilt")) / 0.1
        speed = abs(pop["speed"])
        slowest, fastest = speed * (1 - SPEED_SHARE), speed * (1 + SPEED_SHARE)
        if sound.keys.get("arrest"):
            slowest *= 0.4
        if sound.keys.get("surge", 1) > 1:
            fastest *= sound.keys["surge"]
        is_down = pop["phase"] == "LOWER"
        arching = False
        if tilt > 0.45 * span - TILT_DEG:
            arching = some(None if tilt < 0.45 * span + TILT_DEG and rate > 1 else False,
                           above(rate, 0.36 * speed, 0.15 * speed + 2))
        add(arching, 10)
        if is_down:
            low, high = self.control_angles(athlete, body, t_us)
            lowest = min(self.grid(body, t_us, "elev_left"), self.grid(body, t_us, "elev_right")) \
                if athlete.exercise != "single" else pop["elev"]
            add(True if lowest < low - 5 - ELEVATION_DEG else
                False if lowest > high - 5 + ELEVATION_DEG else None, 20)
            add(True if slowest > 60 else False if fastest < 60 else None, 10)
            add(True if slowest > 90 else False if fastest < 90 else None, 10)
            # Smoothness is measured on the whole lowering, against five repetitions before.
            is_rough = sound.keys.get("arrest") or sound.keys.get("surge") or keys["lower"] < 2
            if len(self.reps_before(body, t_us)) >= 5 and is_rough:
                add(None, 10)
        add(self.asymmetry(athlete, body, keys, pop), 10)
        preset = keys["tilt"] + athlete.breath
        add(True if keys["tilt"] - athlete.breath > 0.25 * span * (1 + SPAN_SHARE) + PRESET_DEG
            else False if preset < 0.25 * span * (1 - SPAN_SHARE) - PRESET_DEG else None, 10)
        return points

    def asymmetry(self, athlete, body, keys, pop):
        apart = abs(self.grid(body, pop["t_us"], "elev_left") -
                    self.grid(body, pop["t_us"], "elev_right"))
        answers = [False if athlete.exercise == "single" else above(apart, 10, ASYMMETRY_DEG)]
        if keys.get("roll") and pop["phase"] == "LOWER":
            # sin^2 of the lowering's time: near its middle almost all of it.
            share = abs(pop["elev"] - 37.5) / 37.5
            answers.append(above(abs(keys["roll"]), 6, ROLL_DEG) if share < 0.25 else None)
        elif keys.get("roll"):
            answers.append(None)
        return some(*answers)

    # ---- 2.4

    def kinematic(self, athlete, sound, pop):
        keys = athlete.sets[sound.rep]
        arrest, surge = sound.keys.get("arrest", 0), sound.keys.get("surge", 1)
        speed = abs(pop["speed"])
        if arrest:
            in_the_way = 12 < pop["elev"] < keys["range"] - 12
            return True if arrest >= 90 and speed > 23 and in_the_way else None
        if surge > 1:
            return True if speed * (surge - 1) > 65 else None
        jolt = keys.get("arch") and keys["lower"] < 2
        return None if jolt else False

    # ---- 7.3

    def is_real(self, sound):
        if sound.kind not in REAL:
            return False
        k = sound.keys
        if "peak" not in k:
            return True
        answers = [above(k["peak"] - k["background"], 12, 1), above(k["car"], 10, 1),
                   above(5, k["rise"], 0.5)]
        return False if False in answers else None if None in answers else True

    # ---- 7.6, 7.7

    def red_by_symptom(self, athlete, t_us):
        answers = []
        for s in self.symptoms:
            if s["athlete"] != athlete.name or not is_linked(s):
                continue
            if s["cleared_us"] and s["cleared_us"] < t_us:
                continue
            is_open = s["t_us"] < t_us - WINDOW_S * 1e6
            answers.append(some(in_window(s, t_us), is_open))
        return some(*answers) if answers else False

    def symptom_in_window(self, athlete, t_us):
        return some(False, *[in_window(s, t_us) for s in self.symptoms
                             if s["athlete"] == athlete.name and
                             not (s["cleared_us"] and s["cleared_us"] < t_us)])

    def repeats(self, athlete, sound, pop, earlier):
        """Another pop with a sign of its kind at its angle, near enough: before or after it."""
        signs = [(s, p) for s, p in earlier if bool(s.keys.get("arrest")) ==
                 bool(sound.keys.get("arrest")) and s is not sound]
        return bool(signs) and all(abs(p["elev"] - pop["elev"]) < 5 for _, p in signs)

    def doubts(self, athlete, sound):
        if self.play.is_pelvis_gone or not athlete.calibration or sound.is_stepped:
            return True
        margins = [-db for p, db, _ in sound.heard if athlete.has(p)]
        return some(False, *[above(3, m, 1) for m in margins])

    def symptom_codes(self, athlete, pop):
        """Codes and least severity by the symptoms that surely belong to a pop (7.6, R1 to R5)."""
        has, least, t_us = [], 3, pop["t_us"]
        for s in self.symptoms:
            if s["athlete"] != athlete.name or not is_linked(s) or \
                    (s["cleared_us"] and s["cleared_us"] < t_us):
                continue
            if s["t_us"] < t_us - WINDOW_S * 1e6:
                has.append({"SYMPTOM_OPEN"})
            if in_window(s, t_us) is not True:
                continue
            code = CODES.get(s["code"])
            if code:
                has.append({code})
            if code == "PAIN_RADIATING":
                least = 4
                if pop["phase"] == "RAISE" and 33 < pop["elev"] < 67:
                    has.append({"SLR_RANGE"})
            if code in ("PAIN_SHARP", "PAIN_RADIATING") and abs(s["t_us"] - t_us) > 200000:
                has.append({"PAIN_BEFORE_POP" if s["t_us"] < t_us else "PAIN_AFTER_POP"})
        return has, least

    def answered(self, athlete, t_us):
        return any(s["code"] == "none" and 0.5 < (s["t_us"] - t_us) / 1e6 < 58
                   for s in self.symptoms if s["athlete"] == athlete.name)

    def real_pop(self, athlete, sound, pop, earlier, signed):
        t_us = pop["t_us"]
        v = Verdict(sound.kind, t_us, athlete.name, set(), True, sound=sound)
        if not sound.is_stepped:
            v.site = sound.where if self.doubts(athlete, sound) is False else None
            v.phase = pop["phase"].lower() if pop["phase"] and athlete.calibration else None
        red = self.red_by_symptom(athlete, t_us)
        v.by_symptom = red is True
        kinematic = self.kinematic(athlete, sound, pop) if sound.rep >= 0 else False
        if red is not True and kinematic is not False and \
                self.repeats(athlete, sound, pop, signed):
            red = some(red, kinematic)
        if red is True:
            v.classes = {"red_flag"}
            v.has, least = self.symptom_codes(athlete, pop)
            v.severity = (least, 4)
            return v
        if red is None:
            v.classes.add("red_flag")
        doubts = some(self.doubts(athlete, sound), kinematic)
        doubts = False if self.answered(athlete, t_us) else doubts
        fault = False
        if sound.rep >= 0 and athlete.calibration and not self.play.is_pelvis_gone and \
                not sound.is_stepped:
            low, high = self.form(athlete, sound, pop)
            lately = [e for e in earlier if e.sound.rep >= 0 and
                      sound.rep - e.sound.rep <= 3 and "form_fault" in e.classes]
            surely = any(e.classes == {"form_fault"} for e in lately)
            lowest_limit, highest_limit = (30 if lately else 40), (30 if surely else 40)
            fault = True if low >= highest_limit else False if high < lowest_limit else None
        if fault is not False:
            v.classes.add("form_fault")
        if fault is not True and doubts is not False:
            v.classes.add("review")
        if fault is not True and doubts is not True:
            v.classes.add("benign")
        v.is_certain = len(v.classes) == 1
        v.may_be_silent = self.is_real(sound) is None
        v.has = self.other_codes(sound, kinematic, v.classes)
        return v

    def other_codes(self, sound, kinematic, classes):
        if classes == {"form_fault"} and sound.rep >= 0 and sound.owner.sets[sound.rep].get("arch"):
            return [{"ANTERIOR_TILT"}]
        if classes == {"review"} and kinematic is True:
            return [{"KIN_CATCH", "KIN_LOCK"} if sound.keys.get("arrest") else {"KIN_GIVING_WAY"}]
        if classes == {"review"} and sound.is_stepped:
            return [{"CLOCK_UNSYNC"}]
        if classes == {"review"} and self.play.is_pelvis_gone:
            return [{"PELVIS_SENSOR_MISSING"}]
        return [{"UNCALIBRATED"}] if classes == {"review"} and not sound.owner.calibration else []

    def noise(self, athlete, sound, pop, reals):
        """A rejected sound; the symptom of its window is kept where no pop takes it."""
        v = Verdict(sound.kind, pop["t_us"], athlete.name, {"not_a_pop"}, True, sound=sound)
        v.may_be_silent = True
        v.has = [STREAM_REJECTS if self.play.is_streamed else REJECTS[sound.noise or sound.kind]]
        for s in self.symptoms:
            if s["athlete"] != athlete.name or in_window(s, pop["t_us"]) is False or \
                    s["t_us"] < pop["t_us"]:
                continue
            takers = [r["t_us"] for r in reals if in_window(s, r["t_us"]) is not False]
            if takers:
                # Where the pop came after the word was out, that word may stand.
                v.is_certain = v.is_certain and min(takers) < s["t_us"]
                v.classes = v.classes if v.is_certain else {"not_a_pop", "symptom_only"}
                continue
            nearest = min(self.noises_of(athlete, s), key=lambda p: abs(p["t_us"] - s["t_us"]))
            if nearest is pop:
                v.classes, v.severity, v.by_symptom = {"symptom_only"}, (3, 4), True
                v.may_be_silent = False
        return v

    def noises_of(self, athlete, symptom):
        """Those that may stand for it: before them the symptom had its own event already."""
        return [p for s, p in self.heard_by(athlete) if self.is_real(s) is False and
                in_window(symptom, p["t_us"]) is not False and p["t_us"] <= symptom["t_us"]]

    def heard_by(self, athlete):
        """His own sounds, and those that all in the room hear."""
        return [(s, p) for s, p in zip(self.play.sounds, self.truth["pops"])
                if s.owner is athlete or s.kind in ("drop", "speech")]

    def symptom_alone(self, athlete, s, reals):
        if s["code"] in ("none", "call_trainer"):
            return None
        linked = is_linked(s)
        answers = [in_window(s, r["t_us"]) for r in reals]
        if linked and (True in answers or self.noises_of(athlete, s)):
            return None
        certain = None not in answers
        return Verdict(s["code"], s["t_us"], athlete.name, {"symptom_only"}, certain,
                       by_symptom=linked, severity=(3, 4) if linked else (0, 2), symptom=s)

    def verdicts(self):
        """One for each event that must be published, in the order of the script."""
        out = []
        for athlete in self.play.athletes:
            mine = sorted(self.heard_by(athlete), key=lambda pair: pair[1]["t_us"])
            reals = [p for s, p in mine if self.is_real(s) is not False]
            signed = [(s, p) for s, p in mine if s.keys.get("arrest") or
                      s.keys.get("surge", 1) > 1]
            earlier = []
            for sound, pop in mine:
                if self.is_real(sound) is False:
                    out.append(self.noise(athlete, sound, pop, reals))
                    continue
                v = self.real_pop(athlete, sound, pop, earlier, signed)
                earlier.append(v)
                out.append(v)
            out += [v for v in (self.symptom_alone(athlete, s, reals) for s in self.symptoms
                                if s["athlete"] == athlete.name) if v]
        return out
