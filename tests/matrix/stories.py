# SPDX-License-Identifier: MIT
"""Sets that are more than a few repetitions on the back: the other exercises, signs of the
movement, trends, several sessions, and a trainer's word. Each has an intent of its own.
"""
import math

from script import ALARMS, HIPS, Override, number

STORIES = {"flutter": 5, "hang": 4, "core": 3, "kinematic": 7, "same": 3, "trend": 4,
           "baseline": 4, "trainer": 5, "sessions": 5, "growing": 2, "together": 2, "away": 3}
QUICK = {"raise": 1.2, "top": 0.4, "lower": 2.6, "bottom": 1.0, "range": 75}
# Faster than this is a leg that gives way (2.4: 400 degrees/s^2).
SWING_DEG_S2 = 300


class Stories:
    def ana(self, exercise, calibration=None):
        a = self.athlete("ana", "3", exercise, calibration)
        self.begin(a)
        return a

    def perhaps_pain(self, a, share=0.3):
        """After the last pop, well inside the window."""
        if self.chance(share):
            code = self.pick(*ALARMS)
            self.symptom(a, code, f"pop+{number(self.after_pop(code))}")

    # ---- the other exercises (7.1)

    def tell_flutter(self):
        """Legs up and down in turn: small and fast, or wide and slow like cycling."""
        self.set.is_streamed = self.chance(0.1)
        a = self.ana("flutter")
        for _ in range(self.r.randrange(1, 3)):
            is_slow = self.chance(0.5)
            travel = self.between(28, 46) if is_slow else self.between(12, 20)
            period = self.between(2.2, 4) if is_slow else self.between(0.9, 1.5)
            period = max(period, 2 * math.pi * math.sqrt(travel / 2 / SWING_DEG_S2))
            count = round(self.between(13, 18) / period)
            a.tilt = self.between(0, 0.13) * a.span if self.chance(0.6) else \
                self.between(1.2, 1.9) * a.span
            a.lines.append(f"flutter {count} range {number(travel)} raise {number(period / 2)} "
                           f"lower {number(period / 2)} tilt {number(a.tilt)} bottom 1.5")
            # The line ends 3.5 s after the last beat.
            back = 3.5 + self.between(0.3, 0.8) * count * period
            s = self.pop_at(a, f"here-{number(back)}")
            s.is_swinging, s.tilt = True, a.tilt
            a.lines.append("wait 3")
        self.perhaps_pain(a)

    def tell_hang(self):
        a = self.ana("hang")
        count = self.r.randrange(2, 5)
        is_fault = self.chance(0.45)
        tilt = self.between(7.5, 13) if is_fault else self.between(0, min(0.13 * a.span, 1.2))
        self.first = self.reps(a, count, range=self.between(50, 68), tilt=tilt,
                               lower=self.between(2.8, 4.5))
        for i in range(1, count):
            if self.chance(0.75) or i == count - 1:
                self.real(a, self.first + i)
        self.perhaps_pain(a)

    def tell_core(self):
        """The trunk alone: the pelvis tilts and holds."""
        self.set.is_streamed = self.chance(0.1)
        a = self.ana("generic-core")
        for _ in range(self.r.randrange(1, 4)):
            tilt = self.between(0, 0.13) * a.span if self.chance(0.5) else \
                self.between(1.2, 1.9) * a.span
            a.lines += [f"tilt {number(tilt)} 1.2"]
            s = self.pop_at(a, f"here+{number(self.between(0.3, 1.4))}")
            s.is_held = True
            a.lines += ["wait 4", "tilt 0 1.2", "wait 2"]
        self.perhaps_pain(a)

    # ---- signs of the movement (2.4, R6)

    def sign(self):
        way = self.pick("catch", "lock", "surge")
        if way == "surge":
            return {"surge": self.between(3.6, 4.2)}
        return {"arrest": self.between(100, 300) if way == "catch" else self.between(700, 1000)}

    def tell_kinematic(self):
        a = self.ana("supine-straight", ("all",))
        way = self.pick("once", "once", "pain", "before", "twice", "apart", "other")
        sign, elevation = self.sign(), self.between(30, 45)
        count = {"twice": 5, "apart": 6, "other": 6}.get(way, 3)
        self.first = self.reps(a, 1)
        if way == "before":
            self.symptom(a, when="here+0")
        self.first = self.reps(a, count, lower=self.between(4.2, 5), **{"range": 75})
        at = [(count - 1, elevation, sign)]
        if way == "twice":
            at.insert(0, (2, elevation + self.between(-2, 2), sign))
        elif way == "apart":
            at.insert(0, (2, elevation + self.pick(-1, 1) * self.between(15, 17), sign))
        elif way == "other":
            other = {"arrest": 150} if "surge" in sign else {"surge": 4}
            at.insert(0, (2, elevation, other))
        for i, degrees, keys in at:
            self.real(a, self.first + i, phase="lower", elevation=min(max(degrees, 16), 58), **keys)
        if way == "pain":
            self.perhaps_pain(a, 1)
        elif way == "once":
            self.maybe_answer(a)

    # ---- many pops (7.4, 7.9)

    def tell_same(self):
        """A tendon that slips at each repetition at the same angle."""
        self.set.is_streamed = self.chance(0.2)
        a = self.ana("supine-straight")
        count = self.r.randrange(5, 8)
        where = self.pick(*[p for p in HIPS if a.has(p)])
        self.first = self.reps(a, count, lower=self.between(3, 4.5), **{"range": 75})
        elevation, peak = self.between(36, 50), self.between(-22, -12)
        for i in range(count):
            self.real(a, self.first + i, where, "lower", elevation + self.between(-2, 2),
                      peak=peak + self.between(-1, 1), t10=6)

    def tell_trend(self):
        """More often after the first ten repetitions, louder over the session, both, neither."""
        a = self.ana("supine-straight", ("flat-back",))
        is_often, is_louder = self.pick((True, False), (False, True), (True, True), (False, False))
        self.first = self.reps(a, 20, **QUICK)
        early = sorted(self.r.sample(range(1, 10), 2))
        late = list(range(10, 20)) if is_often else sorted(self.r.sample(range(10, 20), 4))
        at = early + late
        where = self.pick(*[p for p in HIPS if a.has(p)])
        rise = self.between(9, 13) if is_louder else self.between(-2, 2)
        elevation = self.between(40, 52)
        for k, i in enumerate(at):
            peak = -26 + rise * (i - at[0]) / (at[-1] - at[0]) + self.between(-0.3, 0.3) * (k > 0)
            self.real(a, self.first + i, where, "lower", elevation + self.between(-2, 2),
                      peak=peak, background=-55, t10=6).heard = []

    def next_session(self, a, pause=3, **payload):
        a.lines.append("wait 2")
        words = {"kit": a.kit, "exercise": a.exercise, **payload}
        a.lines.append('send session-end {"kit":"' + a.kit + '"}')
        a.lines.append(f"wait {number(pause)}")
        a.lines.append("send session-start {" +
                       ",".join(f'"{k}":"{v}"' for k, v in words.items()) + "}")
        a.lines.append("wait 1")
        a.lines += [f"calibrate {step}" for step in a.calibration]

    def tell_baseline(self):
        """Three sessions, and a fourth that is like them or not."""
        a = self.ana("supine-straight", ("flat-back",))
        where = self.pick(*[p for p in HIPS if a.has(p)])
        others = [p for p in HIPS if a.has(p) and p != where]
        elevation, peak = self.between(40, 46), self.between(-27, -23)

        def pops(count, site, phase, degrees, level):
            self.first = self.reps(a, count, **QUICK)
            for i in range(1, count):
                self.real(a, self.first + i, site, phase, degrees + self.between(-2, 2),
                          peak=level + self.between(-0.7, 0.7), background=-55, t10=6).heard = []

        for _ in range(3):
            pops(5, where, "lower", elevation, peak)
            self.next_session(a, athlete=a.name)
        changes = ["angle", "louder", "phase"] + (["site"] if others else [])
        wanted = self.r.sample(changes, self.r.choices((0, 1, 2), (2, 4, 3))[0])
        pops(self.r.randrange(2, 4), others[0] if "site" in wanted else where,
             "raise" if "phase" in wanted else "lower",
             elevation + (20 if "angle" in wanted else 0),
             peak + (13 if "louder" in wanted else 0))

    # ---- people (7.7, decision-model.md, rulings 7, 12, 22)

    def tell_trainer(self):
        """A person's decision on a pop stands until a new symptom comes; it clears nothing."""
        a = self.ana("supine-straight")
        way = self.pick("quiet", "pain", "fault", "pain_after", "open")
        count = 2
        arch = {"arch": self.arch(a, self.between(1.2, 1.8), 25), "lower": 4} \
            if way == "fault" else {}
        self.first = self.reps(a, count, **arch)
        s = self.real(a, self.first + 1, phase="lower", elevation=25 if way == "fault" else None)
        after = self.between(12, 18) if way == "pain_after" else \
            self.pick(self.between(12, 25), self.between(36, 60))
        if way in ("pain", "open"):
            self.symptom(a, self.pick(*ALARMS), f"pop+{number(self.between(2, 8))}", by="trainer")
        word = {"quiet": ("form_fault", "review", "red_flag", "not_a_pop"),
                "pain_after": ("form_fault", "not_a_pop", "benign")}.get(
                    way, ("benign", "form_fault", "review"))
        self.set.overrides.append(Override(s, after, self.pick(*word), "kim", f"as seen {count}"))
        if way == "pain_after":
            self.symptom(a, self.pick(*ALARMS), f"pop+{number(after + self.between(3, 8))}")
        elif way == "open":
            a.lines.append("wait 75")
            self.first = self.reps(a, 2)
            self.real(a, self.first + 1)
        self.set.tail = max(self.set.tail, after + 8)

    def tell_sessions(self):
        way = self.pick("ended", "again", "handed", "taken", "idle")
        a = self.ana("supine-straight", ("flat-back",))
        if way != "idle":
            self.first = self.reps(a, 2)
            self.real(a, self.first + 1)
        if way == "ended":
            a.lines += ["wait 2", 'send session-end {"kit":"3"}', "wait 3"]
            self.first = self.reps(a, 2)
            self.real(a, self.first + 1)
            return
        if way in ("again", "idle"):  # a pain from a session that is over; idle: nothing was done
            self.symptom(a, when="here+0", by="trainer")
            self.next_session(a, self.between(70, 90), athlete=a.name)
        elif way == "handed":
            self.next_session(a, self.between(2, 10), athlete="dora")
        else:
            a.lines += ["wait 3", 'send session-start {"kit":"3","athlete":"dora",'
                        '"exercise":"supine-straight"}', "wait 1", "calibrate flat-back"]
        self.first = self.reps(a, 2)
        self.real(a, self.first + 1)
        if way not in ("again", "idle") and self.chance(0.6):
            self.symptom(a, self.pick(*ALARMS), f"pop+{number(self.between(1, 25))}", by="button")

    def tell_growing(self):
        """Lasting discomfort that grows or does not (R4)."""
        a = self.ana("supine-straight")
        first = self.r.randrange(1, 5)
        second = self.pick(first, first + 1, first + 2, first + 4)
        site, side = self.pick("hip", "low_back", "groin"), self.pick("left", "right")
        for n, intensity in enumerate((first, second)):
            self.first = self.reps(a, 2)
            self.real(a, self.first + 1)
            self.symptom(a, "discomfort", f"pop+{number(self.between(1, 6))}", by="trainer",
                         site=site, side=side, intensity=intensity)
            if n == 0:
                a.lines.append(f"wait {number(self.between(5, 70))}")

    def tell_together(self):
        """Two athletes who do the same at the same time; one pop may reach the other through the
        air."""
        a = self.ana("supine-straight", ("all",))
        b = self.athlete("ben", "4", "supine-straight", ("all",))
        b.lines += a.lines
        keys = {"range": 75, "raise": 2, "top": 0.8, "lower": self.between(3.5, 5), "bottom": 1.4,
                "tilt": 0.5}
        elevation = self.between(25, 55)
        for who, near in ((a, True), (b, self.chance(0.5))):
            self.first = self.reps(who, 2, **keys)
            s = self.real(who, self.first + 1, "hip-right", "lower", elevation,
                          **({} if near else {"car": self.between(-5, 6)}))
            s.noise, s.heard = None if near else "faint", []
            s.keys["knock"] = 0.04

    # ---- trouble with the radio (no pop and no symptom is lost)

    def tell_away(self):
        """A wearable that reboots between two sets, or is out of reach while the button is
        pressed."""
        a = self.ana("supine-straight", ("all",))
        self.first = self.reps(a, 2)
        pad = a.name_of("hip-right")
        if self.chance(0.5):
            self.real(a, self.first + 1)
            worn = self.pick(*a.wearables)
            a.lines += ["wait 2", f"fault {a.name_of(worn.placement)} reboot", "wait 45"]
            self.first = self.reps(a, 2)
            self.real(a, self.first + 1)
            self.perhaps_pain(a)
        else:
            self.real(a, self.first + 1, "hip-right").heard = []
            self.symptom(a, self.pick(*ALARMS), f"pop+{number(self.between(4, 9))}", by="button")
            a.lines.append(f"fault {pad} away for {number(self.between(6, 15))} at pop+2")
            a.lines.append("wait 30")
