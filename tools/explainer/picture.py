# SPDX-License-Identifier: MIT
"""Draws the posture around a pop with gnuplot: legs, low back and speed, with phases shaded and the
limits in force."""
import subprocess

from .evidence import S

SIZE = (1200, 900)
FAR_S = 120  # symptoms outside the picture are named at its edge, up to here
GAP_US = 500_000  # a curve is interrupted by a longer gap
LEFT, RIGHT = "#0072b2", "#d55e00"
TILT, LUMBAR, SPEED = "#00785a", "#aa4499", "#444444"
LIMIT, POP, SYMPTOM = "#777777", "#111111", "#cc0022"
SHADE = {"raise": "#cfe4f5", "top": "#e8e0f3", "lower": "#fde3c8", "bottom": "#f3f0d8",
         "ready": "#e3f2e1", "rest": "#eeeeee", "other": "#eeeeee", "uncal": "#f6dede",
         "offline": "#dddddd"}
# Panels from the top: (bottom, top) as fractions of the picture.
STRIP, LEGS, BACK, PACE = (0.855, 0.885), (0.575, 0.815), (0.325, 0.535), (0.105, 0.285)
SIDES = (0.075, 0.835)
LABEL_PX = 15  # minimum distance of labels beside a panel


def quote(text):
    """A gnuplot string without special characters."""
    return "'" + "".join(c if c.isprintable() else "?" for c in str(text)).replace("'", "''") + "'"


def phases(frames):
    """[(from, to, phase)] of the posture messages."""
    spans = []
    for f in frames:
        if spans and spans[-1][2] == f["phase"] and f["t_us"] - spans[-1][1] < GAP_US:
            spans[-1][1] = f["t_us"]
        else:
            if spans and f["t_us"] - spans[-1][1] < GAP_US:
                spans[-1][1] = f["t_us"]
            spans.append([f["t_us"], f["t_us"], f["phase"]])
    return spans


class Picture:
    def __init__(self, evidence, pop, before_s, after_s):
        self.e, self.pop, self.t0 = evidence, pop, pop["t_pop_us"]
        self.before_s, self.after_s = before_s, after_s
        self.frames = evidence.posture_between(pop["athlete"], self.t0 - int(before_s * S),
                                               self.t0 + int(after_s * S))
        self.lines = []

    def rel(self, t_us):
        return (t_us - self.t0) / S

    def put(self, *lines):
        self.lines += lines

    def data(self, name, keys):
        self.put(f"${name} << EOD")
        last = None
        for f in self.frames:
            if last is not None and f["t_us"] - last > GAP_US:
                self.put("")
            values = ("NaN" if f[k] is None else f"{f[k]:.2f}" for k in keys)
            self.put(f"{self.rel(f['t_us']):.3f} " + " ".join(values))
            last = f["t_us"]
        if last is None:
            self.put("0 " + " ".join("NaN" for _ in keys))
        self.put("EOD")

    def values(self, *keys):
        return [f[k] for f in self.frames for k in keys if f[k] is not None]

    def panel(self, place, low, high, label):
        self.put("unset object", "unset arrow", "unset label",
                 f"set tmargin at screen {place[1]}", f"set bmargin at screen {place[0]}",
                 f"set yrange [{low}:{high}]", f"set ylabel {quote(label)} offset -0.5,0")
        for begin, end, phase in phases(self.frames):
            self.put(f"set object rectangle from {self.rel(begin):.3f}, graph 0 to "
                     f"{self.rel(end):.3f}, graph 1 behind fillcolor rgb '{SHADE[phase]}' "
                     "fillstyle solid noborder")
        for rep in self.reps():
            for t in (rep["t_start_us"], rep["t_end_us"]):
                if -self.before_s <= self.rel(t) <= self.after_s:
                    self.put(f"set arrow from {self.rel(t):.3f}, graph 0 to {self.rel(t):.3f}, "
                             "graph 1 nohead back linecolor rgb '#777777' dashtype 3")
        for s in self.symptoms():
            at = self.place_of(s)
            self.put(f"set arrow from {at:.3f}, graph 0 to {at:.3f}, graph 1 nohead front "
                     f"linecolor rgb '{SYMPTOM}' linewidth 2 dashtype 2")
        self.put("set arrow from 0, graph 0 to 0, graph 1 nohead front "
                 f"linecolor rgb '{POP}' linewidth 2")

    def reps(self):
        return [r for r in self.e.reps.get(self.pop["athlete"], [])
                if self.rel(r["t_end_us"]) > -self.before_s and
                self.rel(r["t_start_us"]) < self.after_s]

    def symptoms(self):
        return self.e.symptoms_around(self.pop, int(self.before_s * S), int(self.after_s * S))

    def place_of(self, symptom):
        return self.rel(symptom["t"])

    def limits(self, place, low, high, named):
        """Lines across a panel, with labels beside it that do not overlap."""
        apart = LABEL_PX * (high - low) / ((place[1] - place[0]) * SIZE[1])
        at = None
        for value, text in sorted(named):
            if not low < value < high:
                continue
            at = value if at is None else max(value, at + apart)
            self.put(f"set arrow from graph 0, first {value:.2f} to graph 1, first {value:.2f} "
                     f"nohead back linecolor rgb '{LIMIT}' linewidth 1.3 dashtype 4",
                     f"set label {quote(text)} at graph 1.008, first {at:.2f} left "
                     "font ',10' textcolor rgb '#444444'")

    def strip(self, title):
        """The title, the phases and repetitions, and labels of the vertical lines."""
        self.panel(STRIP, 0, 1, "")
        self.put("unset key", "unset ytics", "unset grid", "set border 0", "unset ylabel",
                 f"set label {quote(title[0])} at screen {SIDES[0]}, 0.976 left font ',17'",
                 f"set label {quote(title[1])} at screen {SIDES[0]}, 0.95 left font ',11' "
                 "textcolor rgb '#444444'")
        for begin, end, phase in phases(self.frames):
            a, b = self.rel(begin), self.rel(end)
            if (b - a) / (self.before_s + self.after_s) > 0.0085 * len(phase):
                self.put(f"set label {quote(phase)} at {(a + b) / 2:.3f}, 0.5 center font ',11'")
        for rep in self.reps():
            mid = (max(self.rel(rep["t_start_us"]), -self.before_s) +
                   min(self.rel(rep["t_end_us"]), self.after_s)) / 2
            side = "" if rep["side"] == "both" else f" {rep['side']}"
            self.put(f"set label {quote('repetition %d%s' % (rep['rep'], side))} at {mid:.3f}, 1.4"
                     " center font ',10' textcolor rgb '#555555'")
        self.put(f"set label 'pop' at 0, 2.3 {'left' if self.has_earlier() else 'right'} "
                 f"font ',12' textcolor rgb '{POP}'")
        for s in self.e.symptoms_around(self.pop, FAR_S * S, FAR_S * S):
            self.name_symptom(s)
        self.put("set label 'phase' at graph 1.01, 0.5 left font ',10' textcolor rgb '#555555'",
                 "plot NaN notitle", "set border 3", "set ytics nomirror", "set grid ytics "
                 "linecolor rgb '#e4e4e4'", "set key at graph 1.0,1.0")

    def has_earlier(self):
        return any(s["t"] < self.t0 for s in self.symptoms())

    def name_symptom(self, symptom):
        """Beside its line, or at the edge with its time if it is outside the picture."""
        at = self.place_of(symptom)
        name = "no pain" if symptom["code"] == "none" else str(symptom["code"]).replace("_", " ")
        side = "right" if at < 0 else "left"
        if not -self.before_s <= at <= self.after_s:
            name = f"← {name}, {at:.0f} s" if at < 0 else f"{name}, +{at:.0f} s →"
            side = "left" if at < 0 else "right"
            at = min(max(at, -self.before_s), self.after_s)
        self.put(f"set label {quote(name)} at {at:.3f}, 2.3 {side} font ',12' "
                 f"textcolor rgb '{SYMPTOM}'")

    def curve(self, column, color, key, title, width=2):
        if not self.values(key):
            title += " (no data)"
        return (f"${{}} using 1:{column} with lines linewidth {width} linecolor rgb '{color}' "
                f"title {quote(title)}")

    def plot(self, name, *curves):
        key = (f"set key at screen {SIDES[0]}, graph 1.02 left bottom horizontal Left reverse "
               "samplen 3")
        self.put(key, "plot " + ", ".join(c.replace("${}", f"${name}") for c in curves))

    def dot(self, value, title):
        if value is None:
            return []
        return [f"'+' using (0):({value:.2f}) with points pointtype 7 pointsize 1 "
                f"linecolor rgb '{POP}' title {quote(title)}"]

    def legs(self):
        values = self.values("elevation_left_deg", "elevation_right_deg")
        low, high = min([-5] + values), max([90] + values) + 3
        self.panel(LEGS, low, high, "leg above floor, °")
        self.put("set ytics 15")
        angle, margin = self.e.control_angle(self.pop), self.e.limit("form-range-margin-deg")
        self.limits(LEGS, low, high, [
            (angle, f"control angle, {angle:.0f}°"),
            (angle - margin, f"f3 when lowering below {angle - margin:.0f}°")])
        self.plot("legs", self.curve(2, LEFT, "elevation_left_deg", "left leg", 5),
                  self.curve(3, RIGHT, "elevation_right_deg", "right leg"),
                  *self.dot(self.pop["elevation_deg"], "at the pop"))

    def back(self):
        values = self.values("pelvic_tilt_deg", "lumbar_extension_deg")
        limits = self.e.tilt_limits(self.pop)
        low = max(min([-4] + values) - 1, -30)
        high = min(max([limits[1] + 1] + values) + 1, 40)
        self.panel(BACK, low, high, "from flat back, °")
        self.put("set ytics 5" if high - low < 35 else "set ytics 10")
        fault, severe = (self.e.limit(f"form-tilt-{k}-points") for k in ("fault", "severe"))
        names = ("f1 starts", f"f1 {fault:.0f} points", f"f1 {severe:.0f} points")
        self.limits(BACK, low, high, [(0, "flat back, calibrated")] + [
            (value, f"{name}, {value:.1f}°") for value, name in zip(limits, names)])
        self.plot("back", self.curve(3, LUMBAR, "lumbar_extension_deg", "lumbar extension", 5),
                  self.curve(2, TILT, "pelvic_tilt_deg", "pelvic tilt, + forward"),
                  *self.dot(self.pop["pelvic_tilt_deg"], "at the pop"))

    def pace(self):
        values = self.values("speed_deg_s")
        fast, wild = (self.e.limit(f"form-{k}-deg-s") for k in ("fast", "uncontrolled"))
        low, high = min([-fast - 10] + values) - 5, max([60] + values) + 5
        self.panel(PACE, low, high, "speed, °/s")
        self.put("set ytics 30" if high - low < 220 else "set ytics 60", "set format x",
                 "set xlabel 'seconds from the pop' offset 0,0.3")
        self.limits(PACE, low, high, [
            (-value, f"f4 {self.e.limit(f'form-{key}-points'):.0f} points, −{value:.0f}°/s")
            for value, key in ((fast, "fast"), (wild, "uncontrolled"))])
        self.phase_key()
        self.plot("pace", self.curve(2, SPEED, "speed_deg_s", "leg speed, + up"),
                  *self.dot(self.pop["speed_deg_s"], "at the pop"))

    def phase_key(self):
        """What the shades mean, below all."""
        x = SIDES[0]
        for phase, color in SHADE.items():
            if phase in {f["phase"] for f in self.frames}:
                self.put(f"set object rectangle from screen {x:.3f}, 0.014 to screen "
                         f"{x + 0.02:.3f}, 0.030 front fillcolor rgb '{color}' fillstyle solid "
                         "border linecolor rgb '#999999'",
                         f"set label {quote(phase)} at screen {x + 0.025:.3f}, 0.022 left "
                         "font ',10'")
                x += 0.073
        self.put(f"set label 'dotted: begin and end of a repetition' at screen {x:.3f}, 0.022 left "
                 "font ',10'")

    def script(self, path, kind, title):
        terminal = {"svg": "svg dynamic", "png": "pngcairo"}[kind]
        self.put(f"set terminal {terminal} size {SIZE[0]},{SIZE[1]} noenhanced "
                 "font 'DejaVu Sans,12' background rgb '#ffffff'",
                 "set encoding utf8", "set minussign", f"set output {quote(path)}")
        self.data("legs", ("elevation_left_deg", "elevation_right_deg"))
        self.data("back", ("pelvic_tilt_deg", "lumbar_extension_deg"))
        self.data("pace", ("speed_deg_s",))
        self.put("set multiplot", f"set lmargin at screen {SIDES[0]}",
                 f"set rmargin at screen {SIDES[1]}",
                 f"set xrange [{-self.before_s}:{self.after_s}]",
                 "set format x ''", "set xtics nomirror", "set samples 2")
        self.strip(title)
        self.legs()
        self.back()
        self.pace()
        self.put("unset multiplot", "unset output")
        return "\n".join(self.lines) + "\n"


def draw(evidence, pop, before_s, after_s, path, kind, title):
    script = Picture(evidence, pop, before_s, after_s).script(path, kind, title)
    subprocess.run(["gnuplot"], input=script, text=True, encoding="utf-8", check=True)
