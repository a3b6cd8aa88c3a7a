# SPDX-License-Identifier: MIT
"""The text: what coxad said about a pop and why, for trainers and for those who tune it."""
import math
import textwrap

from . import words
from .evidence import S

WIDTH = 98
AROUND_BEFORE_S, AROUND_AFTER_S = 60, 120  # the widest windows for a symptom


def clean(text):
    """Names come from a capture: keep control characters from the terminal."""
    return "".join(c if c.isprintable() else "?" for c in str(text))


def number(value, unit="", digits=1):
    return "unknown" if value is None else f"{value:.{digits}f}{unit}".replace("-", "−")


def seconds(us):
    return f"{'+' if us >= 0 else '−'}{abs(us) / S:.1f} s"


def place(site):
    return clean(site or "no site").replace("-", " ")


def instant(pop):
    wall = pop["time"].replace("T", " ").rstrip("Z")
    return f"{wall} UTC ± {pop['time_uncertainty_ms']:.1f} ms"


def headline(evidence, pop):
    """Two lines, for the text and above the picture."""
    name = words.CLASS[pop["class"]][0]
    kind = "symptom" if pop["class"] == "symptom_only" else f"pop at {place(pop['site'])}"
    first = f"{clean(pop['athlete'])}: {kind}: {name.lower()}"
    second = (f"{pop['class']}, severity {pop['severity']}, confidence "
              f"{pop['confidence']['total']:.2f}; {pop['phase']}, repetition {pop['rep']}; "
              f"{instant(pop)}; {pop['id']} rev {pop['rev']}")
    return first, second


class Report:
    def __init__(self, evidence, revisions):
        self.e, self.revisions = evidence, revisions
        self.pop = revisions[-1][1]
        self.out = []

    def line(self, text="", indent=2, hang=2):
        self.out.append(textwrap.fill(text, WIDTH, initial_indent=" " * indent,
                                      subsequent_indent=" " * (indent + hang)) if text else "")

    def row(self, key, text, width=24):
        lines = textwrap.wrap(text, WIDTH - width - 2) or [""]
        self.out.append(f"  {key:<{width}}{lines[0]}")
        self.out += [" " * (width + 2) + more for more in lines[1:]]

    def head(self, text):
        self.out += ["", text]

    def text(self, where, picture):
        p = self.pop
        self.out = [f"Pop {where}: {p['id']}", ""]
        self.out.append(f"{words.CLASS[p['class']][0]}  ({p['class']}, severity {p['severity']}: "
                        f"{words.SEVERITY[p['severity']]})")
        self.line(words.CLASS[p["class"]][1])
        self.line(f"{clean(p['athlete'])}, kit {clean(p['kit'])}, {instant(p)}, "
                  f"{(p['t_pop_us'] - self.e.start_us) / S:.2f} s into the capture")
        self.why()
        self.sound()
        self.movement()
        self.form()
        self.confidence()
        self.history()
        self.said()
        self.head("To reproduce this")
        self.row("config_hash", p["config_hash"])
        self.row("coxad", clean(self.e.version))
        if picture:
            self.row("picture", clean(picture))
        return "\n".join(self.out + ["", textwrap.fill(words.FOOTER, WIDTH), ""])

    def why(self):
        self.head("Why")
        for code in self.pop["reasons"]:
            self.row(code, words.CODE[code])
        if not self.pop["reasons"]:
            self.line("no reasons")
        if "override" in self.pop:
            o = self.pop["override"]
            reason = f": {clean(o['reason'])}" if o["reason"] else ""
            self.row("overridden by", f"{clean(o['by'])}{reason}")

    def sound(self):
        p = self.pop
        self.head("Sound and symptoms")
        sounds = self.e.sounds_of(p)
        for site, level in sorted(p["levels_db"].items(), key=lambda k: -k[1]):
            is_first = site == p["site"] and len(p["levels_db"]) > 1
            self.row(place(site), f"{number(level)} dB re full scale"
                     f"{' (loudest, so this is the site)' if is_first else ''}"
                     f"{self.features(sounds.get(site))}")
        if not p["levels_db"]:
            self.line("no sound")
        for s in self.e.symptoms_around(p, AROUND_BEFORE_S * S, AROUND_AFTER_S * S):
            self.row("symptom", self.describe(s))

    def features(self, s):
        if not s:
            return "; detected in streamed sound, which gives only the level"
        floor = s["peak_dbfs"] - s["background_dbfs"]
        over = s.get("contact_air_db")
        louder = "louder" if over is not None and over >= 0 else "quieter"
        air = "" if over is None else f", {abs(over):.0f} dB {louder} on the skin than in the air"
        limit = self.e.limit
        return (f"; {number(floor, ' dB', 0)} above the background "
                f"(at least {limit('evidence-snr-db'):.0f}), rise {number(s['rise_ms'], ' ms')} "
                f"(at most {limit('evidence-rise-ms'):.0f}), {number(s['t10_ms'], ' ms', 0)} long, "
                f"pitch {number(s['centroid_hz'], ' Hz', 0)} "
                f"({limit('evidence-centroid-min-hz'):.0f} to "
                f"{limit('evidence-centroid-max-hz'):.0f}), {s['sub_pulses']} pulse"
                f"{'s' if s['sub_pulses'] > 1 else ''}, kurtosis {number(s['kurtosis'], '', 0)} "
                f"(friction below {limit('impulse-kurtosis'):.0f}){air}, shock "
                f"{number(s['knock_g'], ' g', 2)}")

    def describe(self, s):
        name = "'no pain'" if s["code"] == "none" else clean(s["code"]).replace("_", " ")
        where = " ".join(clean(s[k]).replace("_", " ") for k in ("side", "site")
                         if s.get(k) not in (None, "unknown"))
        level = s.get("intensity")
        level = f", {level} of 10" if isinstance(level, int) and level <= 10 else ""
        came = seconds(s["t"] - self.pop["t_pop_us"])
        return f"{name}{', ' + where if where else ''}{level}; {came}"

    def movement(self):
        p = self.pop
        self.head("Where in the movement")
        rep = self.e.rep_of(p)[0]
        share = ""
        if rep:
            share = (f", {(p['t_pop_us'] - rep['t_start_us']) / S:.1f} s after its start, of "
                     f"{(rep['t_end_us'] - rep['t_start_us']) / S:.1f} s")
        self.row("phase", f"{p['phase']}: {words.PHASE[p['phase']]}")
        self.row("repetition", f"{p['rep']}{share}" if p["rep"] else "none")
        self.row("side", p["side"])
        self.row("leg above the floor", number(p["elevation_deg"], "°"))
        self.row("hip flexion", number(p["hip_flexion_deg"], "°"))
        self.row("pelvic tilt", number(p["pelvic_tilt_deg"], "° from flat back, + is forward"))
        self.row("lumbar extension", number(p["lumbar_extension_deg"], "°"))
        self.row("leg speed", number(p["speed_deg_s"], "°/s, + is up"))
        self.row("pattern", words.PATTERN[p["pattern"]])

    def form(self):
        p, e = self.pop, self.e
        total = p["form"]["total"]
        limit, again = e.limit("form-limit"), e.limit("form-limit-again")
        self.head("Form")
        if total is None:
            self.line("not judged: " + (
                "the pelvic tilt is unknown" if p["pelvic_tilt_deg"] is None else
                "there was no sound from the body" if p["class"] in ("not_a_pop", "symptom_only") else
                "it came outside the exercise"))
            return
        self.line(f"{total:.0f} points. A fault from {limit:.0f}, or from {again:.0f} after a fault in "
                  f"the last {e.limit('form-again-reps'):.0f} repetitions. Values marked ~ come from "
                  "the posture messages, 10 per second.", hang=0)
        values = self.form_values()
        for key, (code, meaning) in words.FORM.items():
            points = p["form"][key]
            mark = "*" if points else " "
            self.row(f"{mark} {key} {number(points, '', 0):>3}  {meaning}", values[key], 36)

    def form_values(self):
        p, e = self.pop, self.e

        def at(key):
            return e.posture_at(p["athlete"], p["t_pop_us"], key)

        worst = max((v for v in (p["pelvic_tilt_deg"], p["lumbar_extension_deg"]) if v is not None),
                    default=None)
        begin, fault, severe = e.tilt_limits(p)
        span = e.span(p)
        rate, speed = at("pelvic_tilt_deg")[1], p["speed_deg_s"]
        ratio = e.limit("form-arching-ratio")
        angle, margin = e.control_angle(p), e.limit("form-range-margin-deg")
        legs = [v for v in (at("elevation_left_deg")[0], at("elevation_right_deg")[0])
                if v is not None]
        rep = e.rep_of(p)[0]
        both = bool(legs) and "both" in (p["side"], rep and rep["side"])
        lower = min(legs) if both else p["elevation_deg"]
        lowering = "" if p["phase"] == "lower" else "; counts only while lowering"
        apart = abs(legs[0] - legs[1]) if len(legs) == 2 else None
        preset = self.preset()
        return {
            "f1": f"tilt {number(worst, '°')}; starts at {begin:.1f}°, fault at {fault:.1f}°, maximum at "
                  f"{severe:.1f}°",
            "f2": f"tilt rises ~{number(rate, '°/s')}; counts if it is above {begin:.1f}° and "
                  f"rises faster than {ratio:g} of the leg's speed"
                  + (f" ({ratio * abs(speed):.1f}°/s)" if speed is not None else ""),
            "f3": f"lower leg {'~' if both else ''}{number(lower, '°')}; below "
                  f"{angle - margin:.0f}° (control angle {angle:.0f}° minus {margin:.0f}°)"
                  f"{lowering}",
            "f4": f"{number(speed, '°/s')}; limits {e.limit('form-fast-deg-s'):.0f} and "
                  f"{e.limit('form-uncontrolled-deg-s'):.0f}°/s downward{lowering}",
            "f5": self.smoothness() + lowering,
            "f6": ("one leg unknown" if apart is None else f"legs ~{apart:.1f}° apart")
                  + f"; limit {e.limit('form-asymmetry-deg'):.0f}°, or "
                  f"the pelvis rotated by {e.limit('form-roll-yaw-deg'):.0f}° (not published)",
            "f7": f"tilt before the start ~{number(preset, '°')}; limit "
                  f"{e.limit('form-preset-share') * span:.1f}°",
        }

    def smoothness(self):
        rep, before = self.e.rep_of(self.pop)
        known = [r for r in before if r["sparc"] is not None]
        least, drop = self.e.limit("form-sparc-reps"), self.e.limit("form-sparc-drop")
        now = number(rep and rep["sparc"], "", 2)
        if len(known) < least:
            return (f"SPARC {now}; no personal baseline yet ({len(known)} of {least:.0f} repetitions "
                    "before), so 0")
        return f"SPARC {now}; counts if {drop:g} below the athlete's baseline"

    def preset(self):
        rep = self.e.rep_of(self.pop)[0]
        if not rep:
            return None
        start = rep["t_start_us"]
        frames = self.e.posture_between(
            self.pop["athlete"], start - int(self.e.limit("form-preset-ms") * 1000), start)
        known = [f["pelvic_tilt_deg"] for f in frames if f["pelvic_tilt_deg"] is not None]
        return sum(known) / len(known) if known else None

    def confidence(self):
        c = self.pop["confidence"]
        weight = {k: self.e.limit(f"confidence-weight-{k}") for k in c if k != "total"}
        product = math.prod(c[k] ** w for k, w in weight.items())
        self.head("Confidence")
        by_symptom = abs(product - c["total"]) > 0.006
        self.line(f"{c['total']:.2f}" + (
            ": set by how close the symptom was in time (1 within "
            f"{self.e.limit('confidence-symptom-full-s'):.0f} s). The factors below are not used here; "
            f"they would give {product:.2f}." if by_symptom else
            ": the product of the factors, each to the power of its weight."))
        lowered = []
        for key, why in (("origin", self.origin()), ("posture", self.posture()),
                         ("symptom", self.symptom()), ("margin", self.margin())):
            self.row(f"{key} {c[key]:.2f} ^{weight[key]:.2f}", why)
            if c[key] < 0.995:
                lowered.append((c[key] ** weight[key], key))
        if lowered and not by_symptom:
            self.line("lowered by: " + ", ".join(
                f"{k} (−{100 * (1 - v):.0f} %)" for v, k in sorted(lowered)))

    def origin(self):
        e, p = self.e, self.pop
        s = e.sounds_of(p).get(p["site"])
        text = ("was it a joint: half at "
                f"{e.limit('confidence-snr-half-db'):.0f} dB above the background, "
                f"{e.limit('confidence-snr-high'):g} at {e.limit('confidence-snr-high-db'):.0f}")
        if s:
            text += f" (was {s['peak_dbfs'] - s['background_dbfs']:.0f})"
        if "NO_AMBIENT_MIC" in p["reasons"]:
            return text + (f"; at most {e.limit('origin-no-air-confidence'):g}, because there "
                           "is no room microphone")
        over = s.get("contact_air_db") if s else None
        was = "" if over is None else f" (was {number(over, '', 0)})"
        return text + (f"; less if skin over air is below "
                       f"{e.limit('confidence-contact-air-full-db'):.0f} dB{was}, both relative to "
                       "the clap")

    def posture(self):
        e, p = self.e, self.pop
        full, low = e.limit("confidence-sync-full-ms"), e.limit("confidence-sync-low-ms")
        unc = p["time_uncertainty_ms"]
        at_low = e.limit("confidence-sync-low")
        sync = 1 if unc <= full else 1 - (1 - at_low) * (unc - full) / (low - full) \
            if unc <= low else at_low * low / unc
        quality = (e.session_at(p["kit"], self.revisions[-1][0]).get("calibration") or
                   e.session_at(p["kit"], p["t_pop_us"]).get("calibration") or
                   {"calibrated": False})
        share = quality["confidence"] if quality["calibrated"] else 0
        calibration = poorest = e.limit("confidence-calibration-low")
        if p["pelvic_tilt_deg"] is not None:
            calibration += (1 - poorest) * share
        known = sync * calibration
        thighs = p["confidence"]["posture"] / known if known else 0
        sets = ((1, "both thighs"), (e.limit("confidence-one-thigh"), "one thigh"),
                (e.limit("confidence-no-thigh"), "no thigh"))
        near, sensors = min(sets, key=lambda v: abs(v[0] - thighs))
        return (f"was the posture known: clock {sync:.2f} (± {unc:.1f} ms), calibration "
                f"{calibration:.2f}, sensors {near:g} ({sensors})")

    def symptom(self):
        value = self.pop["confidence"]["symptom"]
        return "could the athlete answer: " + (
            "yes, and did" if value > self.e.limit("confidence-channel-alive") else
            "yes, but the button stayed silent" if value > self.e.limit("confidence-channel-none") else
            "no button in reach")

    def margin(self):
        total = self.pop["form"]["total"]
        if total is None:
            return f"no form score, so the minimum: {self.e.limit('confidence-margin-floor'):g}"
        away = abs(total - self.e.limit("form-limit"))
        return (f"form {away:.0f} points from the limit; full at "
                f"{self.e.limit('confidence-margin-points'):.0f}")

    def history(self):
        self.head("Revisions")
        before = None
        for t, p in self.revisions:
            after = seconds(t - p["t_pop_us"])
            self.row(f"{p['rev']} {p['state']}, {after}", "; ".join(self.changes(before, p, t)))
            before = p

    def changes(self, a, b, t):
        if a is None:
            return [f"{b['class']}, severity {b['severity']}, confidence "
                    f"{b['confidence']['total']:.2f}; {words.STATE[b['state']]}"]
        out = [f"{k} {a[k]} → {b[k]}" for k in
               ("class", "severity", "rep", "phase", "site", "pattern") if a[k] != b[k]]
        out += [f"{k} {number(a[k])} → {number(b[k])}" for k in
                ("elevation_deg", "hip_flexion_deg", "pelvic_tilt_deg", "lumbar_extension_deg",
                 "speed_deg_s") if a[k] != b[k]]
        out += [f"form {k} {number(a['form'][k], '', 0)} → {number(b['form'][k], '', 0)}"
                for k in a["form"] if a["form"][k] != b["form"][k]]
        sure = [p["confidence"]["total"] for p in (a, b)]
        if sure[0] != sure[1]:
            out.append(f"confidence {sure[0]:.2f} → {sure[1]:.2f}")
        out += [f"+ {c}" for c in b["reasons"] if c not in a["reasons"]]
        out += [f"− {c}" for c in a["reasons"] if c not in b["reasons"]]
        if a["cues"] != b["cues"]:
            out.append("cue now " + (", ".join(c["code"] for c in b["cues"]) or "none"))
        why = self.cause(a, b, t)
        return (out or ["nothing changed"]) + [f"because {why}"]

    def cause(self, a, b, t):
        """Why it was judged again."""
        if b.get("override") != a.get("override"):
            return f"{clean(b['override']['by'])} overrode it"
        recent = [s for s in self.e.symptoms_around(b, AROUND_BEFORE_S * S, AROUND_AFTER_S * S)
                if 0 <= t - s["t"] < S and s["code"] != "call_trainer"]
        if recent:
            return "of the symptom: " + self.describe(recent[-1])
        if len(b["symptoms"]) > len(a["symptoms"]):
            return "a symptom was linked to it"
        if b["state"] == "final":
            return words.STATE["final"]
        if "LATE_DATA" in b["reasons"] and "LATE_DATA" not in a["reasons"]:
            return words.CODE["LATE_DATA"]
        rep = self.e.rep_of(b)[0]
        if rep and 0 <= t - rep["t_end_us"] < 2 * S:
            return "its repetition ended, so range and smoothness are known"
        return words.STATE["revised"]

    def said(self):
        p = self.pop
        self.head("Cues and alerts")
        for cue in p["cues"]:
            argument = "" if cue["argument"] is None else f" ({cue['argument']:.0f}°)"
            self.row(cue["code"], words.CUE[cue["code"]] + argument)
        for t, cue in self.e.cues.get(p["id"], []):
            self.row(f"cue, {seconds(t - p['t_pop_us'])}", f"{cue['code']}: “{clean(cue['text'])}”")
        for t, alert in self.e.alerts:
            if p["id"] in alert["pops"]:
                by = f" by {clean(alert['by'])}" if alert["by"] else ""
                self.row(f"alert, {seconds(t - p['t_pop_us'])}",
                         f"{alert['state']}{by}: {clean(alert['label'])} (severity "
                         f"{alert['severity']})")
        if not p["cues"] and p["id"] not in self.e.cues:
            self.line("no cue")
