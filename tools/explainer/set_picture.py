# SPDX-License-Identifier: MIT
"""Draws a whole set with gnuplot: each leg's angle over time, the phases of what counted, and what did
not with its reason below."""
import math
import subprocess

from .evidence import S
from .picture import GAP_US, LEFT, RIGHT, SHADE, quote
from .report import clean
from .set_report import kinds, others, since, title

WIDTH, ROW, LANE, LINE, GAP = 1200, 190, 20, 19, 38  # pixels
HEAD, FOOT = 66, 58
SIDES = (0.055, 0.985)
ROW_S, ROWS_MAX, REASONS_MAX = 60, 8, 30
EDGE_US = 3 * S
REFUSED, REFUSED_FILL, OTHER = "#b00020", "#f9d5da", "#e2e2e2"
COLOR = {"left": LEFT, "right": RIGHT}
CHARACTER_PX = 7


class SetPicture:
    def __init__(self, evidence, a_set, where):
        self.e, self.set, self.where = evidence, a_set, where
        self.from_us, self.to_us = a_set.from_us - EDGE_US, a_set.to_us + EDGE_US
        total_s = (self.to_us - self.from_us) / S
        self.rows = min(max(1, math.ceil(total_s / ROW_S)), ROWS_MAX)
        self.row_s = total_s / self.rows
        self.lanes = len(a_set.legs())
        self.reasons = min(len(a_set.refused), REASONS_MAX) + \
            (len(a_set.refused) > REASONS_MAX)
        self.height = (HEAD + self.rows * (ROW + self.lanes * LANE + GAP) + FOOT +
                       self.reasons * LINE)
        self.px_s = WIDTH * (SIDES[1] - SIDES[0]) / self.row_s
        self.lines = []

    def put(self, *lines):
        self.lines += lines

    def screen(self, px):
        """A distance from the top as gnuplot has it."""
        return 1 - px / self.height

    def angles(self, leg):
        return [(t, deg) for t, deg, _ in self.set.kit.angles[leg]
                if self.from_us <= t <= self.to_us]

    def data(self, leg):
        self.put(f"${leg} << EOD")
        last = None
        for t, deg in self.angles(leg):
            if last is not None and t - last > GAP_US:
                self.put("")
            self.put(f"{since(self.e, t):.2f} {deg:.2f}")
            last = t
        if last is None:
            self.put("0 NaN")
        self.put("EOD")

    def rectangle(self, span, low, high, color, border="noborder"):
        self.put(f"set object rectangle from first {span[0]:.3f}, graph {low:.3f} to first "
                 f"{span[1]:.3f}, graph {high:.3f} noclip behind fillcolor rgb '{color}' "
                 f"fillstyle solid {border}")

    def clipped(self, from_us, to_us, window):
        """The span within a row in seconds; None if it is elsewhere."""
        a, b = max(since(self.e, from_us), window[0]), min(since(self.e, to_us), window[1])
        return (a, b) if b > a else None

    def phases(self, m):
        """[(from, to, color)]"""
        if m.why:
            return [(m.from_us, m.to_us, REFUSED_FILL)]
        if not m.rep:
            return [(m.from_us, m.to_us, SHADE["raise"])]
        at, spans = m.rep["t_start_us"], []
        for phase in ("raise", "top", "lower"):
            end = at + m.rep[f"{phase}_ms"] * 1000
            spans.append((at, end, SHADE[phase]))
            at = end
        return spans

    def bar(self, m, window):
        """In the lanes above the curves, one a leg; behind the curves too where none overlap."""
        at = [self.set.legs().index(leg) for leg in m.legs()]
        lane = LANE / ROW
        low, high = 1.03 + lane * (self.lanes - 1 - max(at)), 1.03 + lane * (self.lanes - min(at))
        for begin, end, color in self.phases(m):
            span = self.clipped(begin, end, window)
            if span:
                self.rectangle(span, low + 0.01, high - 0.01, color)
                if self.lanes == 1 or m.side == "both":
                    self.rectangle(span, 0, 1, color)
        span = self.clipped(m.from_us, m.to_us, window)
        if not span:
            return
        if m.why:
            self.rectangle(span, low + 0.01, high - 0.01, REFUSED_FILL,
                           f"border linecolor rgb '{REFUSED}'")
        color = REFUSED if m.why else "#222222"
        self.put(f"set label {quote(self.name(m, span))} at first {sum(span) / 2:.3f}, graph "
                 f"{(low + high) / 2:.3f} center font ',10' textcolor rgb '{color}'")

    def name(self, m, span):
        whole = " ".join([m.name] + kinds(m))
        return whole if len(whole) * CHARACTER_PX < (span[1] - span[0]) * self.px_s else m.name

    def row(self, i):
        begin = since(self.e, self.from_us) + i * self.row_s
        window = (begin, begin + self.row_s)
        bottom = HEAD + (i + 1) * (ROW + self.lanes * LANE + GAP) - GAP
        self.put("unset object", "unset label",
                 f"set tmargin at screen {self.screen(bottom - ROW):.5f}",
                 f"set bmargin at screen {self.screen(bottom):.5f}",
                 f"set xrange [{window[0]:.3f}:{window[1]:.3f}]")
        if i == 0:
            self.heading()
        for other in others(self.set, EDGE_US):
            span = self.clipped(other[0], other[1], window)
            if span:
                self.rectangle(span, 0, 1, OTHER)
        for m in self.set.movements:
            self.bar(m, window)
        for n, leg in enumerate(self.set.legs()):
            self.put(f"set label {quote(leg[0].upper())} at graph -0.008, graph "
                     f"{1.03 + LANE / ROW * (self.lanes - n - 0.5):.3f} right font ',10' "
                     f"textcolor rgb '{COLOR[leg]}'")
        if i == self.rows - 1:
            self.put("set xlabel 'seconds into the capture' offset 0,0.6")
            self.footing(bottom)
        shown = [leg for leg in ("left", "right") if self.angles(leg)] or self.set.legs()
        self.put("plot " + ", ".join(
            f"${leg} using 1:2 with lines linewidth 2 linecolor rgb '{COLOR[leg]}' notitle"
            for leg in shown))

    def heading(self):
        first, second = title(self.e, self.set, self.where)
        self.put(f"set label {quote(first)} at screen {SIDES[0]}, {self.screen(18):.4f} left "
                 "font ',16'",
                 f"set label {quote(second)} at screen {SIDES[0]}, {self.screen(40):.4f} left "
                 "font ',11' textcolor rgb '#444444'")

    def swatch(self, x, top, color, name):
        self.put(f"set object rectangle from screen {x:.4f}, {self.screen(top):.4f} to screen "
                 f"{x + 0.018:.4f}, {self.screen(top - 12):.4f} front fillcolor rgb '{color}' "
                 "fillstyle solid border linecolor rgb '#999999'",
                 f"set label {quote(name)} at screen {x + 0.023:.4f}, {self.screen(top - 6):.4f} "
                 "left font ',10'")

    def footing(self, bottom):
        """What the colors mean, then why each movement did not count."""
        top, x = bottom + 72, SIDES[0]
        for name, color, wide in (
                ("raise", SHADE["raise"], 0.07), ("top", SHADE["top"], 0.06),
                ("lower", SHADE["lower"], 0.07), ("did not count", REFUSED_FILL, 0.12),
                ("another movement of the body", OTHER, 0.21)):
            self.swatch(x, top, color, name)
            x += wide
        for leg in self.set.legs():
            self.put(f"set label {quote('— ' + leg + ' leg')} at screen {x:.4f}, "
                     f"{self.screen(top - 6):.4f} left font ',10' textcolor rgb '{COLOR[leg]}'")
            x += 0.08
        said = [f"{m.name}   {since(self.e, m.from_us):.1f} to {since(self.e, m.to_us):.1f} s, "
                f"{m.side}: {clean(m.why)}" for m in self.set.refused[:REASONS_MAX]]
        if len(self.set.refused) > REASONS_MAX:
            said.append(f"and {len(self.set.refused) - REASONS_MAX} more: see the text")
        for n, line in enumerate(said, 1):
            self.put(f"set label {quote(line)} at screen {SIDES[0]}, "
                     f"{self.screen(top + n * LINE):.4f} left font ',11' textcolor rgb '{REFUSED}'")

    def script(self, path, kind):
        terminal = {"svg": "svg dynamic", "png": "pngcairo"}[kind]
        values = [deg for leg in ("left", "right") for _, deg in self.angles(leg)] or [0]
        low, high = min(values), max(values)
        edge = max(1, 0.06 * (high - low))
        self.put(f"set terminal {terminal} size {WIDTH},{self.height} noenhanced "
                 "font 'DejaVu Sans,11' background rgb '#ffffff'",
                 "set encoding utf8", "set minussign", f"set output {quote(path)}")
        for leg in ("left", "right"):
            self.data(leg)
        self.put("set multiplot", f"set lmargin at screen {SIDES[0]}",
                 f"set rmargin at screen {SIDES[1]}", f"set yrange [{low - edge}:{high + edge}]",
                 "set border 3", "set xtics nomirror out", "set ytics nomirror",
                 "set grid ytics linecolor rgb '#dddddd'", "unset key",
                 "set ylabel 'leg, °' offset 1.5,0")
        for i in range(self.rows):
            self.row(i)
        self.put("unset multiplot", "unset output")
        return "\n".join(self.lines) + "\n"


def draw(evidence, a_set, where, path, kind):
    script = SetPicture(evidence, a_set, where).script(path, kind)
    subprocess.run(["gnuplot"], input=script, text=True, encoding="utf-8", check=True)
