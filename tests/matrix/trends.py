# SPDX-License-Identifier: MIT
"""Trends within a session and against earlier ones: decision-model.md 7.9, with rulings 16 to
18."""
import math
from dataclasses import dataclass

from bodies import above

LEVEL_DB = 0.7  # a wearable reports half decibels
ANGLE_DEG = 4
WINDOW_REPS = 10
# The smallest expected number for which 7.9 has a limit.
EXPECTED_MIN = 1


@dataclass
class Note:
    """A pop, as far as trends are concerned."""
    t_us: int
    site: str
    phase: str
    rep: int  # in its session, from 1
    elevation: float
    level: float
    session: int
    is_sure: bool = True  # that it is a pop, and at this site
    is_benign: object = None  # None: it may be


def median(values):
    v = sorted(values)
    n = len(v)
    return v[n // 2] if n % 2 else (v[n // 2 - 1] + v[n // 2]) / 2


def robust_sd(values):
    m = median(values)
    return 1.48 * median([abs(x - m) for x in values])


def spread(values):
    mean = sum(values) / len(values)
    return math.sqrt(sum((x - mean) ** 2 for x in values) / max(len(values) - 1, 1))


def poisson_tail(n, expected):
    """P(X >= n)"""
    return 1 - sum(math.exp(-expected + k * math.log(expected) - math.lgamma(k + 1))
                   for k in range(n))


def theil_sen(points):
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(points) for b in points[i + 1:]]
    return median(slopes) * (points[-1][0] - points[0][0])


def mann_kendall(values):
    """One-sided chance of at least this many rises in a random order, counted exactly."""
    n = len(values)
    rises = sum(b > a for i, a in enumerate(values) for b in values[i + 1:])
    ways = [1]
    for k in range(2, n + 1):
        ways = [sum(ways[max(0, i - k + 1):i + 1]) for i in range(len(ways) + k - 1)]
    return sum(ways[rises:]) / sum(ways)


def both(*answers):
    return False if False in answers else None if None in answers else True


class Trends:
    """notes: all pops of one athlete so far, in order; the question is about the last. reps: the
    number of repetitions in each session."""

    def __init__(self, notes, reps):
        self.note, self.reps = notes[-1], reps
        self.mine = [n for n in notes if n.session == self.note.session]
        past = [n for n in notes if n.session < self.note.session]
        self.is_sure = all(n.is_sure for n in notes)
        self.past_sure = all(n.is_sure and n.is_benign is not None for n in past)
        self.known = [n for n in past if n.is_benign]
        self.sessions = [s for s, n in reps.items() if s < self.note.session and n]

    def answers(self):
        found = {"TREND_RATE": self.rate(), "TREND_LOUDNESS": self.loudness(), **self.baseline()}
        return found if self.is_sure else {k: None if v else v for k, v in found.items()}

    def rate(self):
        done, rep = sum(self.reps[s] for s in self.sessions), self.note.rep
        if done >= WINDOW_REPS:
            own, first = len(self.known) / done, 1
        elif rep > WINDOW_REPS:
            own, first = sum(n.rep <= WINDOW_REPS for n in self.mine) / WINDOW_REPS, WINDOW_REPS + 1
        else:
            return False
        count = sum(n.rep >= max(first, rep - WINDOW_REPS + 1) for n in self.mine)
        answers = {count >= 2 * e and poisson_tail(count, e) < 0.01
                   for e in {max(own * WINDOW_REPS, 0.01), max(own * WINDOW_REPS, EXPECTED_MIN)}}
        if len(answers) > 1 or (done >= WINDOW_REPS and not self.past_sure):
            return None
        return answers.pop()

    def loudness(self):
        here = [n for n in self.mine if n.site == self.note.site]
        if len(here) < 5:
            return False
        rise = above(theil_sen([(n.t_us / 1e6, n.level) for n in here]), 6, LEVEL_DB)
        p = mann_kendall([n.level for n in here])
        answer = both(rise, True if p < 0.02 else False if p > 0.06 else None)
        return None if answer and self.note.site == "low-back" else answer  # 1.5

    def baseline(self):
        found = dict.fromkeys(("BASELINE_ANGLE_SHIFT", "BASELINE_LOUDER", "BASELINE_NEW_SITE",
                               "BASELINE_NEW_PHASE"), False)
        if len(self.sessions) < 3 or len(self.known) < 10:
            return found if self.past_sure else dict.fromkeys(found)
        here = [n for n in self.known if n.site == self.note.site]
        found["BASELINE_NEW_SITE"] = not here
        found["BASELINE_NEW_PHASE"] = not any(n.phase == self.note.phase for n in self.known)
        if here:
            angles, levels = [n.elevation for n in here], [n.level for n in here]
            found["BASELINE_ANGLE_SHIFT"] = above(abs(self.note.elevation - median(angles)),
                                                  max(15, 3 * robust_sd(angles)), ANGLE_DEG)
            found["BASELINE_LOUDER"] = above(self.note.level - median(levels),
                                             max(9, 3 * robust_sd(levels)), LEVEL_DB)
        return found if self.past_sure else {k: None if v else v for k, v in found.items()}

    # ---- 7.4, 7.9: consistent

    def is_same(self, count, angle_sd, level_sd):
        """The last pops at this site, from at least `count` repetitions, are all alike."""
        here = [n for n in self.mine if n.site == self.note.site][-8:]
        return self.is_sure and len({n.rep for n in here}) >= count and \
            {n.phase for n in here} == {self.note.phase} and \
            spread([n.elevation for n in here]) <= angle_sd and \
            spread([n.level for n in here]) <= level_sd

    def is_snap(self):
        here = [n for n in self.mine if n.site == self.note.site and n.rep > self.note.rep - 5]
        return self.note.site != "low-back" and len({n.rep for n in here}) >= 3 and \
            self.is_same(3, 4.5, 99) and self.note.phase == "LOWER" and \
            22 < self.note.elevation < 52

    def is_consistent(self):
        return self.is_same(4, 4.5, 2.5) and \
            len({n.rep for n in self.mine if n.site == self.note.site}) >= 0.75 * self.note.rep


def criteria(answers):
    """The fewest and most independent criteria; louder than the session and louder than the
    baseline count as one."""
    sure = {k for k, v in answers.items() if v is True}
    maybe = {k for k, v in answers.items() if v is None}
    loud = {"TREND_LOUDNESS", "BASELINE_LOUDER"}
    return len(sure - loud) + bool(sure & loud), len(sure | maybe)
