# SPDX-License-Identifier: MIT
"""Collects what a replay says about each pop: coxad's messages, the settings in force, and what only
the capture has (a wearable's features of a sound, when a symptom came)."""
import gzip
import json
import os
import subprocess
import sys
import tempfile

S = 1_000_000
# Characteristics of doc/wearable-profile.md. INFORMATION marks a restart, so that what follows is no repeat.
INFORMATION, POP, SYMPTOM = '"c0a50002', '"c0a50005', '"c0a50007'
POSTURE_RATE_HZ = 10  # what a picture needs, and the maximum
COMPANION_US = 5 * S  # a wearable's report of a sound arrives within this, unless its link was lost
SAME_SYMPTOM_US = 2 * S


class Failed(Exception):
    """coxad failed and said why on standard error; code is its exit status."""

    def __init__(self, code):
        super().__init__(f"coxad ended with {code}")
        self.code = code


TRACE = "coxad: debug: trace: "


def run(command, given=None):
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True,
                          encoding="utf-8", check=False)
    if done.returncode:
        raise Failed(done.returncode)
    return done.stdout


def run_traced(command, topics):
    """Output, and the lines of the trace; what else is on standard error goes there."""
    with tempfile.TemporaryFile() as errors:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=errors, text=True,
                              encoding="utf-8", check=False,
                              env=dict(os.environ, COXAD_TRACE=topics))
        errors.seek(0)
        lines = errors.read().decode(errors="replace").splitlines()
    for line in lines:
        if not line.startswith(TRACE):
            print(line, file=sys.stderr)
    if done.returncode:
        raise Failed(done.returncode)
    return done.stdout, [line[len(TRACE):] for line in lines if line.startswith(TRACE)]


def read_settings(text):
    """{section: {key: value}} of coxad --print-config."""
    sections, now = {}, {}
    for line in text.splitlines():
        if line.startswith("["):
            now = sections.setdefault(line.strip("[]"), {})
        elif "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            now[key.strip()] = value.strip()
    return sections


def with_posture(text):
    """The same settings with posture messages; their rate is not in config_hash."""
    lines = [f"posture-rate = {POSTURE_RATE_HZ}" if line.startswith("posture-rate ") else line
             for line in text.splitlines()]
    return "\n".join(lines) + "\n"


class Evidence:
    def __init__(self, coxad, capture, conf, topics=None):
        """topics: of the trace, whose lines are then in traces."""
        printed = run([coxad, "--config", conf, "--print-config"])
        self.settings = read_settings(printed)
        self.capture, self.traces = capture, []
        with tempfile.TemporaryDirectory() as folder:
            effective = os.path.join(folder, "coxad.conf")
            with open(effective, "w", encoding="utf-8") as file:
                file.write(with_posture(printed))
            replay = [coxad, "--replay", capture, "--config", effective]
            if topics:
                output, self.traces = run_traced(replay, topics)
            else:
                output = run(replay)
            self._take(output)
        self._read_capture(coxad)

    def limit(self, key):
        """A value of [analysis]."""
        return float(self.settings["analysis"][key])

    def _take(self, lines):
        self.pops, self.posture, self.reps, self.cues, self.alerts = {}, {}, {}, {}, []
        self.sessions, self.drivers = {}, {}
        self.version = None
        for line in lines.splitlines():
            message = json.loads(line)
            kind, who, what = message["topic"].split("/")[-3:]
            if message["payload"] is not None or what == "session":
                self._take_one(message["t"], kind, who, what, message["payload"])

    def _take_one(self, t, kind, who, what, p):
        if (kind, what) == ("athlete", "posture"):
            self.posture.setdefault(who, []).append(p)
        elif (kind, what) == ("athlete", "rep"):
            self.reps.setdefault(who, []).append(p)
        elif (kind, what) == ("athlete", "pop"):
            self.pops.setdefault(p["id"], []).append((t, p))
        elif (kind, what) == ("athlete", "cue"):
            self.cues.setdefault(p["pop"], []).append((t, p))
        elif (kind, what) == ("athlete", "alert"):
            self.alerts.append((t, p))
        elif (kind, what) == ("kit", "session"):
            self.sessions.setdefault(who, []).append((t, p))
        elif (kind, what) == ("wearable", "status") and p["driver"]:
            self.drivers[who] = p["driver"]
        elif (kind, what) == ("gateway", "status"):
            self.version = p["version"]

    def _read_capture(self, coxad):
        """Sounds and symptoms as they arrived; coxad decodes those of Coxa wearables."""
        self.start_us, packets, self.symptoms, self.sounds = None, [], [], []
        by_address = {s["address"].upper(): (name[len("wearable "):], s)
                      for name, s in self.settings.items() if name.startswith("wearable ")}
        try:
            for line in self._lines():
                if self.start_us is None:
                    self.start_us = json.loads(line)["t"]
                elif any(c in line.lower() for c in (INFORMATION, POP, SYMPTOM, "/symptom")):
                    packets.append(json.loads(line))
        except (EOFError, ValueError):
            pass  # truncated: coxad has reported it
        for address, (name, wearable) in by_address.items():
            if self.drivers.get(name) == "coxa":
                self._decode(coxad, wearable, [p for p in packets if "v" in p and
                                               p["w"].upper() == address])
        for p in packets:
            said = p.get("payload")
            if p["e"] == "command" and p["topic"].endswith("/symptom") and not p.get("retained") \
                    and isinstance(said, dict) and isinstance(said.get("code"), str):
                self._add_symptom(dict(said, t=p["t"]))
        self.symptoms.sort(key=lambda s: s["t"])

    def _lines(self):
        with open(self.capture, "rb") as file:
            is_packed = file.read(2) == b"\x1f\x8b"
        with (gzip.open if is_packed else open)(self.capture, "rt", encoding="utf-8") as file:
            yield from file

    def _decode(self, coxad, wearable, packets):
        """One wearable at a time, because the driver drops repeats of its earlier packets."""
        lines = "".join(f"{p['c']} {p['v']}\n" for p in packets)
        told = run([coxad, "--decode", "coxa"], lines).splitlines()
        for packet, line in zip(packets, told):
            means = dict(json.loads(line), t=packet["t"], kit=wearable["kit"],
                         placement=wearable["placement"])
            if means["kind"] == "pop":
                self.sounds.append(means)
            elif means["kind"] == "symptom":
                self._add_symptom(means)

    def _add_symptom(self, symptom):
        same = ("code", "site", "side", "kit", "athlete")
        if not any(abs(s["t"] - symptom["t"]) < SAME_SYMPTOM_US and
                   all(s.get(k) == symptom.get(k) for k in same) for s in self.symptoms):
            self.symptoms.append(symptom)

    def ids(self):
        return sorted(self.pops, key=lambda i: self.pops[i][-1][1]["t_pop_us"])

    def session_at(self, kit, t):
        """The kit's session message at that instant; {} if there was no session."""
        said = [p for at, p in self.sessions.get(kit, []) if at <= t]
        return (said[-1] if said else None) or {}

    def rep_of(self, pop):
        """(the repetition it lies in, those before it)"""
        reps, t = self.reps.get(pop["athlete"], []), pop["t_pop_us"]
        inside = [r for r in reps if r["t_start_us"] <= t <= r["t_end_us"]]
        return (inside[-1] if inside else None), [r for r in reps if r["t_end_us"] < t]

    def posture_between(self, athlete, from_us, to_us):
        return [p for p in self.posture.get(athlete, []) if from_us <= p["t_us"] <= to_us]

    def posture_at(self, athlete, t_us, key):
        """A value interpolated between two posture messages, and its slope per second."""
        known = [(p["t_us"], p[key]) for p in
                 self.posture_between(athlete, t_us - S // 2, t_us + S // 2) if p[key] is not None]
        before = [k for k in known if k[0] <= t_us]
        after = [k for k in known if k[0] > t_us]
        if not before or not after:
            return None, None
        (t0, v0), (t1, v1) = before[-1], after[0]
        slope = (v1 - v0) / (t1 - t0)
        return v0 + slope * (t_us - t0), slope * S

    def control_angle(self, pop):
        """Of the last repetition before the pop, else the default (decision-model.md 7.1)."""
        known = [r["control_angle_deg"] for r in self.rep_of(pop)[1]
                 if r["control_angle_deg"] is not None]
        return known[-1] if known else self.limit("control-angle-default")

    def tilt_limits(self, pop):
        """(where F1 starts, reaches the fault, reaches its maximum), degrees."""
        session = self.session_at(pop["kit"], pop["t_pop_us"])
        if session.get("exercise") == "hang":
            return [self.limit(f"hang-tilt-{k}-deg") for k in ("warn", "fault", "severe")]
        shares = ("loss-tilt-share", "form-tilt-fault-share", "form-tilt-severe-share")
        return [self.limit(k) * self.span(pop) for k in shares]

    def span(self, pop):
        """S, the travel of the pelvis from relaxed to flat back."""
        calibration = self.session_at(pop["kit"], pop["t_pop_us"]).get("calibration") or {}
        return calibration.get("span_deg") or self.limit("span-default-deg")

    def sounds_of(self, pop):
        """What the wearables reported about this sound: {placement: features}."""
        found = {}
        for s in self.sounds:
            level = pop["levels_db"].get(s["placement"])
            late = s["t"] - pop["t_pop_us"]
            if s["kit"] == pop["kit"] and level is not None and late > -S and \
                    abs(level - s["peak_dbfs"]) < 0.06 and (late < COMPANION_US or s["resent"]):
                found.setdefault(s["placement"], s)
        return found

    def symptoms_around(self, pop, before_us, after_us):
        return [s for s in self.symptoms
                if -before_us <= s["t"] - pop["t_pop_us"] <= after_us and
                (s.get("kit") == pop["kit"] or s.get("athlete") == pop["athlete"])]
