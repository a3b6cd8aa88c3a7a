# SPDX-License-Identifier: MIT
"""What coxad must conclude about each sound and each symptom of a set, by the tables of
doc/decision-model.md, sections 7.3 to 7.9 and 8, from the truth that coxa-gym writes and from what
was drawn.

Nothing here knows how coxad measures: angles, speeds and instants come from the truth, with a
margin to either side (bodies.py, trends.py). If the answer is the same at both ends of the
margins, it is certain; otherwise the case is close to a limit, and any of the answers is accepted.
"""
from dataclasses import dataclass, field

from bodies import Body, above, some
from faults import Faults
from trends import Note, Trends, both, criteria

WINDOW_S = 1.2
BEGIN_S = 1.0  # of a session, whichever comes first
WINDOWS = {"sharp": (60, 30), "shooting": (60, 30), "stinging": (60, 30), "discomfort": (60, 30),
           "unknown": (60, 30), "radiating": (60, 120), "numb": (60, 120), "catching": (10, 30),
           "locking": (10, 30), "giving_way": (10, 30)}
REAL = ("pop", "crack")
NOTHING = "nothing"
CODES = {"sharp": "PAIN_SHARP", "shooting": "PAIN_SHARP", "stinging": "PAIN_SHARP",
         "radiating": "PAIN_RADIATING", "numb": "PAIN_RADIATING", "catching": "MECH_CATCHING",
         "locking": "MECH_LOCKING", "giving_way": "MECH_GIVING_WAY"}
# 7.3: the codes that can reject each kind of noise; a stream shows less than a report.
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
    by_symptom: bool = False  # red, or a symptom's own: it must not be missed
    severity: tuple = None
    has: list = field(default_factory=list)  # at least one of each set of codes must be there
    lacks: set = field(default_factory=set)  # and none of these
    cues: list = field(default_factory=list)  # like has
    confidence: float = None
    range_deg: float = None  # X of REDUCE_RANGE
    elevation: float = None
    phase: str = None
    site: str = None
    sound: object = None
    symptom: dict = None
    may_be_silent: bool = False
    session: int = 0
    red_us: int = None  # when a symptom made it red
    override: object = None
    revisions: list = None  # published of it


@dataclass
class Session:
    number: int
    athlete: str
    start_us: int
    end_us: float


def is_linked(symptom):
    return symptom["code"] not in ("none", "call_trainer") and symptom["site"] != "other" and \
        not (symptom["code"] == "discomfort" and symptom["intensity"] == 0)


def in_window(symptom, t_us):
    """Does the symptom belong to a pop at that instant? None: either way is right."""
    if not is_linked(symptom):
        return False
    before, after = WINDOWS[symptom["code"]]
    dt = (symptom["t_us"] - t_us) / 1e6
    if -before + WINDOW_S < dt < after - WINDOW_S:
        return True
    return None if -before - WINDOW_S < dt < after + WINDOW_S else False


def confidence_of(symptom, t_us):
    """7.8: 1 within 5 s, linear to 0.5 at the window's end."""
    dt = (symptom["t_us"] - t_us) / 1e6
    end = WINDOWS[symptom["code"]][dt > 0]
    return 1 if abs(dt) <= 5 else 1 - 0.5 * (abs(dt) - 5) / (end - 5)


class Oracle(Faults):
    def __init__(self, play, truth):
        self.play, self.truth = play, truth
        self.bodies = {a.name: Body(a, truth["bodies"][a.name]) for a in play.athletes}
        self.sessions = {a.kit: self.sessions_of(a) for a in play.athletes}
        cleared = [(t, c["athlete"]) for t, c in self.commands("clear-symptoms")]
        self.symptoms = []
        for (athlete, _), symptom in zip(play.symptoms, truth["symptoms"]):
            t_us = symptom["t_us"]
            session = self.session_at(athlete, t_us)
            name = athlete.name if symptom["by"] != "button" or not session else session.athlete
            self.symptoms.append({
                **symptom, "athlete": name, "session": session.number if session else -1,
                "cleared_us": next((t for t, who in cleared if who == name and t > t_us), None)})
        for s in self.symptoms:
            s["is_repeated"] = any(self.is_same(o, s) for o in self.symptoms)

    @staticmethod
    def is_same(a, b):
        """b reports a again (decision-model.md, ruling 24)."""
        return a is not b and all(a[k] == b[k] for k in ("athlete", "code", "site", "side")) and \
            0 <= b["t_us"] - a["t_us"] <= 2e6

    # ---- sessions (decision-model.md, ruling 7)

    def commands(self, verb):
        return [(t, payload) for t, topic, payload in self.truth["commands"]
                if topic == f"command/{verb}"]

    def sessions_of(self, a):
        events = [(0, a.name)] + sorted(
            [(t, c.get("athlete") or a.name) for t, c in self.commands("session-start")
             if c["kit"] == a.kit] +
            [(t, None) for t, c in self.commands("session-end") if c["kit"] == a.kit])
        ends = [t for t, _ in events[1:]] + [float("inf")]
        return [Session(i, who, t, end) for i, ((t, who), end) in enumerate(zip(events, ends))
                if who]

    def session_at(self, a, t_us):
        return next((s for s in self.sessions[a.kit] if s.start_us <= t_us < s.end_us), None)

    def is_at_change(self, a, t_us):
        return any(abs(t_us - t) < BEGIN_S * 1e6 for s in self.sessions[a.kit]
                   for t in (s.start_us, s.end_us))

    def is_calibrated(self, a, session, t_us):
        return any(session.start_us <= t < t_us - 4e6 for t, c in self.commands("calibrate")
                   if c["kit"] == a.kit and c["step"] == "flat-back")

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

    def open_symptoms(self, name, t_us):
        return [s for s in self.symptoms if s["athlete"] == name and is_linked(s) and
                not (s["cleared_us"] and s["cleared_us"] < t_us)]

    def red_by_symptom(self, name, session, t_us):
        """Whether it is red, and since when."""
        answers, since = [], []
        for s in self.open_symptoms(name, t_us):
            is_same = s["session"] == session.number
            is_open = is_same and s["t_us"] < t_us - WINDOW_S * 1e6
            window = in_window(s, t_us)
            answers.append(some(window if is_same or not window else None, is_open))
            if answers[-1] is True:
                since.append(max(s["t_us"], t_us))
        return some(*answers) if answers else False, min(since, default=None)

    def signs_of(self, athlete, heard):
        """(sound, pop, is there a sign, codes) of everything that can be a pop."""
        return [(s, p, *self.bodies[athlete.name].kinematic(s, p)) for s, p in heard
                if self.is_real(s) is not False]

    @staticmethod
    def repeats(sound, signs):
        """Another pop with the same kind of sign at nearly the same angle, before or after it."""
        pop, codes = next((p, c) for s, p, _, c in signs if s is sound)
        answers = [both(answer, above(10, abs(p["elev"] - pop["elev"]), 3))
                   for s, p, answer, c in signs if s is not sound and
                   ("KIN_GIVING_WAY" in c) == ("KIN_GIVING_WAY" in codes) and
                   abs(s.rep - sound.rep) < 9]
        return some(*answers) if answers else False

    def doubts(self, athlete, sound, is_calibrated):
        if self.play.is_pelvis_gone or not is_calibrated or sound.is_stepped or sound.is_swapped:
            return True
        # The peak in a report and the level of a stream (over half a millisecond) differ by 4 dB.
        slack = 5 if self.play.is_mixed else 1
        margins = [-db for p, db, _ in sound.heard if athlete.has(p)]
        return some(False, *[above(3, m, slack) for m in margins])

    def discomfort(self, s):
        """New, or two more than the least of the session at its site (R4); None: neither."""
        before = [o for o in self.symptoms if o["code"] in ("discomfort", "unknown") and
                  is_linked(o) and o["athlete"] == s["athlete"] and o["t_us"] < s["t_us"] and
                  o["site"] == s["site"] and o["session"] == s["session"]]
        if not before or s["intensity"] is None:
            return "DISCOMFORT_NEW"
        known = [o["intensity"] for o in before if o["intensity"] is not None]
        if known and s["intensity"] - min(known) >= 2:
            return "DISCOMFORT_INCREASING"
        return "DISCOMFORT_NEW" if all(o["cleared_us"] and o["cleared_us"] < s["t_us"]
                                       for o in before) else None

    def symptom_codes(self, name, session, pop):
        """Codes, lowest severity and confidence from the symptoms that surely belong to a pop
        (7.6, R1 to R5)."""
        has, least, t_us, confidence = [], 3, pop["t_us"], []
        for s in self.open_symptoms(name, t_us):
            if s["t_us"] < t_us - WINDOW_S * 1e6 and s["session"] == session.number:
                has.append({"SYMPTOM_OPEN"})
            if in_window(s, t_us) is not True:
                confidence.append(None if in_window(s, t_us) is None else 0.5)
                continue
            code = CODES.get(s["code"])
            if s["code"] == "discomfort":
                code = self.discomfort(s)
                least = 4 if code and (s["intensity"] or 0) >= 7 else least
            confidence.append(confidence_of(s, t_us) if code else 0.5)
            if code:
                has.append({code})
            if code == "PAIN_RADIATING":
                least = 4
                if pop["phase"] == "RAISE" and 33 < pop["elev"] < 67:
                    has.append({"SLR_RANGE"})
            if code in ("PAIN_SHARP", "PAIN_RADIATING") and abs(s["t_us"] - t_us) > 200000:
                has.append({"PAIN_BEFORE_POP" if s["t_us"] < t_us else "PAIN_AFTER_POP"})
        return has, least, None if None in confidence else max(confidence, default=None)

    def answered(self, name, t_us):
        return any((s["code"] == "none" or s["code"] == "discomfort" and s["intensity"] == 0) and
                   0.5 < (s["t_us"] - t_us) / 1e6 < 58
                   for s in self.symptoms if s["athlete"] == name)

    # ---- a pop

    def phase_of(self, athlete, sound, pop):
        if sound.is_swinging:
            is_down = self.bodies[athlete.name].moment(sound, pop).is_down
            return {True: "lower", False: "raise", None: None}[is_down]
        return pop["phase"].lower() if pop["phase"] and athlete.exercise != "generic-core" else None

    def note_of(self, athlete, sound, pop, session, verdict):
        rep = sum(r["count"] and r["t_us"] <= pop["t_us"]
                  for r in self.bodies[athlete.name].body["reps"]
                  if session.start_us < r["t_us"])
        is_benign = verdict.classes == {"benign"} if verdict.is_certain else None
        return Note(pop["t_us"], sound.where, pop["phase"], rep, pop["elev"],
                    sound.keys.get("peak", -19), session.number,
                    self.is_real(sound) is True and not sound.is_swinging, is_benign)

    def trends(self, athlete, sound, pop, session, verdict, notes):
        if sound.rep < 0:
            return None
        spans = {s.number: (s.start_us, min(s.end_us, pop["t_us"]))
                 for s in self.sessions[athlete.kit] if s.athlete == session.athlete}
        reps = {n: sum(r["count"] and a < r["t_us"] and r["end_us"] < b
                       for r in self.bodies[athlete.name].body["reps"])
                for n, (a, b) in spans.items()}
        return Trends(notes + [self.note_of(athlete, sound, pop, session, verdict)], reps)

    def marks(self, v, sound, earlier, trends):
        """Codes that a pop has whatever its class."""
        before = [e for e in earlier if e.sound.where == sound.where]
        if not before and not sound.heard:
            v.has.append({"FIRST_SEEN"})
        elif any(e.session == v.session and NOTHING not in e.classes and not e.may_be_silent
                 for e in before):
            v.lacks.add("FIRST_SEEN")
        is_at_rest = sound.rep < 0 and not sound.is_swinging and not sound.is_held
        if is_at_rest:
            v.has.append({"NOT_EXERCISING"})
        elif v.phase in ("raise", "lower", "top", "bottom"):
            v.lacks.add("NOT_EXERCISING")
        if trends and trends.is_snap():
            v.has.append({"PATTERN_TENDON_SNAP_LIKE"})
        if trends and trends.is_consistent():
            v.has.append({"CONSISTENT"})

    def real_pop(self, athlete, sound, pop, earlier, signs, notes):
        t_us = pop["t_us"]
        session = self.session_at(athlete, t_us)
        v = Verdict(sound.kind, t_us, athlete.name, {NOTHING}, not self.is_at_change(athlete, t_us),
                    sound=sound, session=-1, elevation=pop["elev"])
        if not session:
            return v
        v.athlete, v.session = name, _ = session.athlete, session.number
        earlier = [e for e in earlier if e.athlete == name]
        is_calibrated = self.is_calibrated(athlete, session, t_us)
        if not sound.is_stepped:
            v.site = sound.where if self.doubts(athlete, sound, is_calibrated) is False else None
            v.phase = self.phase_of(athlete, sound, pop) if is_calibrated else None
        v.classes = set()
        red, since = self.red_by_symptom(name, session, t_us)
        v.by_symptom, v.red_us = red is True, since
        sign, sign_codes = next((answer, c) for s, _, answer, c in signs if s is sound)
        trends = self.trends(athlete, sound, pop, session, v, notes)
        answers = trends.answers() if trends else {}
        fewest, most = criteria(answers)
        repeated = False if sign is False else self.repeats(sound, signs)
        red = some(red, both(sign, repeated),
                   True if fewest >= 2 else None if most >= 2 else False)
        self.marks(v, sound, earlier, trends)
        v.has += [{code} for code, answer in answers.items() if answer]
        v.lacks |= {code for code, answer in answers.items() if answer is False}
        if sign is True:
            v.has.append(sign_codes)
            if repeated is True:
                v.has.append({"KIN_GIVING_WAY_REPEAT" if "KIN_GIVING_WAY" in sign_codes
                              else "KIN_CATCH_REPEAT"})
        elif sign is False:
            v.lacks |= {"KIN_CATCH", "KIN_LOCK", "KIN_GIVING_WAY"}
        if red is True:
            v.classes = {"red_flag"}
            codes, least, confidence = self.symptom_codes(name, session, pop)
            v.confidence = confidence if v.by_symptom else None
            v.has += codes
            again = [e for e in earlier if e.session == v.session and e.red_us and
                     e.classes == {"red_flag"} and e.red_us < t_us - 2e6]
            v.severity = (4 if again else least, 4)
            return v
        if red is None:
            v.classes.add("red_flag")
        doubts = some(self.doubts(athlete, sound, is_calibrated), sign,
                      True if fewest else None if most else False)
        doubts = False if self.answered(name, t_us) else doubts
        fault = False
        if is_calibrated and not self.play.is_pelvis_gone and not sound.is_stepped and \
                (sound.rep >= 0 or sound.is_swinging or sound.is_held):
            fault = self.fault(athlete, sound, pop, session, v, earlier)
        if fault is not False:
            v.classes.add("form_fault")
        if fault is not True and doubts is not False:
            v.classes.add("review")
        if fault is not True and doubts is not True:
            v.classes.add("benign")
        v.is_certain = v.is_certain and len(v.classes) == 1
        v.may_be_silent = self.is_real(sound) is None
        if v.classes == {"review"}:
            v.has += self.review_codes(sound, is_calibrated)
        return v

    def review_codes(self, sound, is_calibrated):
        if sound.is_stepped:
            return [{"CLOCK_UNSYNC"}]
        if sound.is_swapped:
            return [{"ATHLETE_AMBIGUOUS"}]
        if self.play.is_pelvis_gone:
            return [{"PELVIS_SENSOR_MISSING"}]
        return [] if is_calibrated else [{"UNCALIBRATED"}]

    # ---- sounds that are not pops, and symptoms

    def noise(self, athlete, sound, pop, reals):
        """A rejected sound; the symptom in its window stands alone if no pop takes it."""
        v = Verdict(sound.kind, pop["t_us"], athlete.name, {"not_a_pop"}, True, sound=sound)
        v.may_be_silent = True
        v.has = [REJECTS[sound.noise or sound.kind] |
                 (STREAM_REJECTS if self.play.is_streamed else set())]
        for s in self.symptoms:
            if s["athlete"] != athlete.name or in_window(s, pop["t_us"]) is False or \
                    s["t_us"] < pop["t_us"]:
                continue
            takers = [r["t_us"] for r in reals if in_window(s, r["t_us"]) is not False]
            if takers:
                # If the pop came after it was published, it can stand.
                v.is_certain = v.is_certain and min(takers) < s["t_us"]
                v.classes = v.classes if v.is_certain else {"not_a_pop", "symptom_only"}
                continue
            nearest = min(self.noises_of(athlete, s), key=lambda p: abs(p["t_us"] - s["t_us"]))
            if nearest is pop:
                v.classes, v.severity, v.by_symptom = {"symptom_only"}, (3, 4), True
                v.may_be_silent = False
        return v

    def noises_of(self, athlete, symptom):
        """Pops that can stand for it: the symptom already had its own event before them."""
        return [p for s, p in self.heard_by(athlete) if self.is_real(s) is False and
                in_window(symptom, p["t_us"]) is not False and p["t_us"] <= symptom["t_us"]]

    def heard_by(self, athlete):
        """The athlete's own sounds, and those that everybody in the room hears."""
        return [(s, p) for s, p in zip(self.play.sounds, self.truth["pops"])
                if s.owner is athlete or s.kind in ("drop", "speech")]

    def is_covered(self, sound, pop, heard):
        """Another sound is close enough to be taken for the same one (7.2: a cluster of 200 ms)."""
        def reach(s):
            return 0.9e6 if self.play.is_streamed and s.kind in ("speech", "rub") else 0.25e6

        return any(s is not sound and abs(p["t_us"] - pop["t_us"]) < max(reach(s), reach(sound))
                   for s, p in heard)

    def symptom_alone(self, athlete, s, reals):
        if s["code"] in ("none", "call_trainer") or s["is_repeated"] or \
                s["code"] == "discomfort" and s["intensity"] == 0:
            return None
        linked = is_linked(s)
        answers = [in_window(s, r["t_us"]) for r in reals]
        if linked and (True in answers or self.noises_of(athlete, s)):
            return None
        v = Verdict(s["code"], s["t_us"], s["athlete"], {"symptom_only"}, None not in answers,
                    by_symptom=linked, severity=(3, 4) if linked else (0, 2), symptom=s)
        v.may_be_silent = not v.is_certain
        if linked and s["code"] in CODES:
            v.has = [{CODES[s["code"]]}]
            v.severity = (4, 4) if CODES[s["code"]] == "PAIN_RADIATING" else (3, 3)
        elif linked and self.discomfort(s):
            v.has = [{self.discomfort(s)}]
            v.severity = (4, 4) if (s["intensity"] or 0) >= 7 else (3, 3)
        elif not linked and s["site"] == "other":
            v.has = [{"SYMPTOM_OTHER_REGION"}]
        return v

    # ---- a person's decision (decision-model.md, ruling 22)

    def overrule(self, v):
        """The decision stands until a new symptom falls into the pop's window."""
        for word in self.play.overrides:
            at = v.t_us + word.after * 1e6
            if word.sound is not v.sound:
                continue
            v.override = word
            if not any(s["athlete"] == v.athlete and s["t_us"] > at and
                       in_window(s, v.t_us) is not False for s in self.symptoms):
                v.classes, v.is_certain, v.by_symptom = {word.pop_class}, True, False
                v.has, v.lacks, v.cues, v.severity, v.confidence = [], set(), [], None, None
        return v

    def verdicts(self):
        """One for each event that must be published, in the order of the script."""
        out = []
        for athlete in self.play.athletes:
            mine = sorted(self.heard_by(athlete), key=lambda pair: pair[1]["t_us"])
            signs = self.signs_of(athlete, mine)
            earlier, notes, reals = [], {}, {}
            for sound, pop in mine:
                if self.is_real(sound) is not False:
                    session = self.session_at(athlete, pop["t_us"])
                    reals.setdefault(session.athlete if session else None, []).append(pop)
            for sound, pop in mine:
                if self.is_real(sound) is False:
                    out.append(self.noise(athlete, sound, pop, reals.get(athlete.name, [])))
                    continue
                session = self.session_at(athlete, pop["t_us"])
                known = notes.setdefault(session.athlete if session else None, [])
                v = self.real_pop(athlete, sound, pop, earlier, signs, known)
                if self.is_covered(sound, pop, mine):
                    v.is_certain, v.may_be_silent = False, True
                    v.classes |= {"not_a_pop", "symptom_only"}
                if session:
                    known.append(self.note_of(athlete, sound, pop, session, v))
                earlier.append(v)
                out.append(self.overrule(v))
            names = {s.athlete for s in self.sessions[athlete.kit]}
            out += [v for v in (self.symptom_alone(athlete, s, reals.get(s["athlete"], []))
                                for s in self.symptoms if s["athlete"] in names) if v]
        return out
