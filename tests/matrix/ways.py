# SPDX-License-Identifier: MIT
"""The ways in which a set can get its class, each in one session of a few repetitions."""
from script import ALARMS, HIPS, TURNS, number


class Ways:
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
        elif self.chance(0.1):
            self.symptom(a, "call_trainer", f"pop+{number(self.between(1, 20))}", site="unknown")
        elif self.chance(0.15):
            self.clear_and_go_on(a)

    def clear_and_go_on(self, a):
        """A pain that the trainer cleared long before the next pop."""
        self.symptom(a, when="here+0", by="trainer")
        a.lines.append(f"send clear-symptoms at symptom+20 "
                       f'{{"athlete":"{a.name}","by":"kim"}}')
        a.lines.append("wait 150")
        self.first = self.reps(a, 2)
        self.real(a, self.first + 1)

    def arch(self, a, share, at):
        """The back arches to this share of the span while the legs sink past `at`."""
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
            # 20 for speed, 10 for roll, 10 for the tilt before
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
                s = self.symptom(a, code, f"pop+{number(offset)}")
                if self.chance(0.15):  # the trainer saw the athlete press the button
                    self.symptom(a, code, f"symptom+{number(self.between(0.3, 1.4))}",
                                 by="trainer", **{k: s.keys[k] for k in ("site", "side")
                                                  if k in s.keys})
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
            way = "swapped" if a.exercise == "single" and a.has("hip-left") else "step"
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
        elif way == "swapped":
            for w in a.wearables:
                if w.placement in HIPS:
                    w.keys["worn"] = HIPS[w.placement == HIPS[0]]
            self.first = self.reps(a, 2)
            s = self.real(a, self.first + 1, self.pick(*[p for p in HIPS if p[4:] in
                                                        self.moving(a, self.first + 1)]))
            s.heard, s.is_swapped = [], True
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
        elif self.chance(0.1):
            self.symptom(a, "discomfort", f"pop+{number(self.between(3, 50))}", intensity=0)
        elif self.chance(0.15):
            code = self.pick(*ALARMS)
            self.symptom(a, code, f"pop+{number(self.after_pop(code))}")

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
