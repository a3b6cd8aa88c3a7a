# SPDX-License-Identifier: MIT
"""When a pop is a form fault, what is said then, and what is said before there is one:
decision-model.md 7.5 and 7.10, decision-model.md, ruling 16.
"""
import math

from bodies import TILT_DEG
from trends import median


class Faults:
    """Part of the oracle, which has the bodies, the sessions and what was drawn."""

    def fault(self, athlete, sound, pop, session, v, earlier):
        """Whether it is a form fault, and what must be said then (7.5, 7.10)."""
        limit = 0.45 * self.bodies[athlete.name].span() - TILT_DEG
        mine = [s for s in self.play.sounds if s.owner is athlete]
        is_open = any(s.is_swinging and s.tilt > limit for s in mine[:mine.index(sound) + 1])
        parts = self.bodies[athlete.name].form(sound, pop, session.start_us, is_open)
        low, high = (sum(p[i] for p in parts.values()) for i in (0, 1))
        lately = [e for e in earlier if e.session == session.number and (e.sound.rep >= 0) ==
                  (sound.rep >= 0) and sound.rep - e.sound.rep <= 3 and "form_fault" in e.classes]
        surely = any(e.classes == {"form_fault"} for e in lately)
        lowest_limit, highest_limit = (30 if lately else 40), (30 if surely else 40)
        if high < lowest_limit:
            return False
        if low < highest_limit:
            return None
        tilted = [parts["f1"][i] + parts["f2"][i] + parts["f7"][i] for i in (0, 1)]
        paced = [parts["f4"][i] + parts["f5"][i] for i in (0, 1)]
        self.ladder(athlete, sound, pop, session, v, lately, earlier)
        if not lately and tilted[0] > max(parts["f3"][1], paced[1], parts["f6"][1]):
            v.cues.append({"POSTERIOR_TILT"})
        if not lately and paced[0] > max(parts["f3"][1], tilted[1], parts["f6"][1]):
            v.cues.append({"SLOW_LOWERING"})
        if parts["f7"][0]:
            v.cues.append({"BRACE"})
        codes = {"f1": "ANTERIOR_TILT", "f4": "LOWERING_TOO_FAST", "f6": "ASYMMETRY",
                 "f7": "NO_PRESET_TILT", "f3": "RANGE_BEYOND_CONTROL", "f2": "ARCHING_NOW"}
        v.has += [{code} for part, code in codes.items() if parts[part][0] > 0]
        v.lacks |= {code for part, code in codes.items() if parts[part][1] == 0}
        return True

    def ladder(self, athlete, sound, pop, session, v, lately, earlier):
        """One step per consecutive faulty repetition; three in five are persistent."""
        others = [e for e in earlier if "form_fault" in e.classes and e.sound.rep != sound.rep]
        sure = [e for e in others if e.classes == {"form_fault"}]
        last = {e.sound.rep for e in sure if sound.rep - e.sound.rep <= 4}
        if sound.rep < 0 or v.session != 0:
            return
        if len(last) >= 2:
            v.has.append({"FORM_PERSISTENT"})
        elif len({e.sound.rep for e in others if sound.rep - e.sound.rep <= 4}) < 2:
            v.lacks.add("FORM_PERSISTENT")
        if len(others) == len(sure) == 1 and sound.rep - sure[0].sound.rep == 1:
            v.cues.append({"REDUCE_RANGE", "BENT_KNEE", "SINGLE_LEG", "BENT_SINGLE"})
            v.range_deg = self.range_of(athlete, sound, pop, session, earlier)
        if len(others) == len(sure) == 2 and {sound.rep - e.sound.rep for e in sure} == {1, 2}:
            v.cues.append({"BENT_KNEE", "SINGLE_LEG", "BENT_SINGLE"})

    def range_of(self, athlete, sound, pop, session, earlier):
        """X of 7.10; None if the losses and pops so far do not decide it."""
        losses = [r["theta_loss_deg"] for r in
                  self.bodies[athlete.name].reps_before(pop["t_us"], session.start_us)][-3:]
        pops = [e.elevation for e in earlier if e.phase == "lower"][-2:] + [pop["elev"]]
        if None in losses or not losses or athlete.exercise == "hang":
            return None
        return 5 * math.ceil((max(median(losses), median(pops)) + 5) / 5)

    # ---- what is said while the leg goes down (7.10, A18)

    def live(self):
        """(athlete, from, to, must a cue come)"""
        for a in self.play.athletes:
            for session in self.sessions[a.kit]:
                for first, last, must in self.bodies[a.name].losses(session.start_us):
                    if last < session.end_us and not self.play.is_pelvis_gone and \
                            self.is_calibrated(a, session, first) and a.exercise != "generic-core":
                        yield session.athlete, first, last, must
