# SPDX-License-Identifier: MIT
"""What must hold for every event, whatever it is: for its revisions, its severity and cues, when it
becomes final, how soon a red flag is reported, and how alerts and the summary reflect it.
"""
NEAR_US = 150000  # a message and an event this close belong together
FIRST_US = 1500000  # decision-model.md 7.7
RED_US = 200000  # decision-model.md 9, from the symptom at the gateway
FINAL_US, FINAL_SYMPTOM_US = 30000000, 120000000  # decision-model.md, ruling 20
LIVE_US = (200000, 1000000)
STOP_HOLD_US = 5000000  # a cue is not repeated within this time


def told_live(said, live):
    """The athlete is told at once when the tilt leaves its limit while a leg goes down."""
    for athlete, first, last, must in live:
        codes = {c["code"] for t, c in said.cues[athlete]
                 if first - LIVE_US[0] < t < last + LIVE_US[1]}
        if must and not {"POSTERIOR_TILT", "REVERSE"} & codes:
            yield f"{athlete} lost the flat back at {last / 1e6:.2f} s and was not told"
        if not must and "REVERSE" in codes:
            yield f"{athlete} was told to reverse at {first / 1e6:.2f} s with a flat back"


def invariants(said, rows, truth, live):
    wrong = list(told_live(said, live))
    late = [v for v, *_ in rows if v.sound is not None and v.sound.is_late]
    for athlete, events in said.events.items():
        for id_, revisions in events.items():
            first_t, first = revisions[0]
            was_late = any(abs(v.t_us - first["t_pop_us"]) < NEAR_US for v in late)
            if first_t - first["t_pop_us"] > FIRST_US and not was_late:
                late_s = (first_t - first["t_pop_us"]) / 1e6
                wrong.append(f"{id_} was first published {late_s:.2f} s after it happened")
            before = None
            for t, pop in revisions:
                texts = [*of_revision(before, pop), *manners(pop),
                         *of_red(said, athlete, t, before, pop)]
                wrong += [f"{id_}: {text}" for text in texts]
                before = pop
            wrong += [f"{id_}: {text}" for text in ends(revisions)]
        wrong += summary(said, athlete, events)
    for v, *_ in rows:
        wrong += [f"RED {text}" for text in in_time(v, truth)]
    return wrong


def of_revision(before, pop):
    if not before:
        return
    if before["class"] == "red_flag" and pop["class"] != "red_flag" and not pop.get("override"):
        yield f"RED lowered to {pop['class']}"
    if before["class"] == pop["class"] and before["severity"] >= 3 and \
            pop["severity"] < before["severity"] and not pop.get("override"):
        yield f"severity {before['severity']} lowered to {pop['severity']}"
    if pop["rev"] != before["rev"] + 1 or pop["supersedes"] != before["rev"]:
        yield f"revision {pop['rev']} supersedes {pop['supersedes']} after {before['rev']}"
    # A pop that takes over a symptom's own event starts over.
    if pop["state"] == "provisional" and before["class"] != "symptom_only":
        yield f"provisional after {before['state']}"


def manners(pop):
    """The severity and cue that belong to the class, decision-model.md 7.7, 7.8 and 7.10."""
    cues = [c["code"] for c in pop["cues"]]
    severity, cue = {"benign": ((0, 1), None), "form_fault": ((2,), "any"),
                     "review": ((1,), "ASK_SYMPTOM"), "red_flag": ((3, 4), "STOP"),
                     "not_a_pop": ((0,), None), "symptom_only": ((1, 2, 3, 4), None)}[pop["class"]]
    if pop["severity"] not in severity:
        yield f"{pop['class']} of severity {pop['severity']}"
    if cue == "any" and not cues or cue not in (None, "any") and cues != [cue]:
        yield f"{pop['class']} with cues {cues}"
    if pop["class"] == "benign" and set(cues) - {"REDUCE_RANGE", "LEG_ROTATION"}:
        yield f"benign with cues {cues}"
    if pop["class"] == "symptom_only" and pop["severity"] >= 3 and cues != ["STOP"]:
        yield f"symptom_only of severity {pop['severity']} with cues {cues}"
    for c in pop["cues"]:
        x = c.get("argument")
        if c["code"] == "REDUCE_RANGE" and (x is None or x % 5 or not 20 <= x <= 75):
            yield f"REDUCE_RANGE to {x}"
    if not 0 <= pop["confidence"]["total"] <= 1:
        yield f"confidence {pop['confidence']['total']}"


def of_red(said, athlete, t, before, pop):
    """A red flag is reported at once, by an alert and by a cue."""
    if pop["class"] != "red_flag" or before and before["class"] == "red_flag" or \
            pop.get("override"):
        return
    if not any(a_t == t and pop["id"] in a["pops"] and a["severity"] >= pop["severity"]
               for a_t, a in said.alerts[athlete]):
        yield "red without an alert"
    if not any(t - STOP_HOLD_US < c_t <= t and c["code"] == "STOP"
               for c_t, c in said.cues[athlete]):
        yield "red without STOP"


def ends(revisions):
    """Final exactly once, 30 s after the pop, or 120 s if a symptom is known by then."""
    finals = [(t, pop) for t, pop in revisions if pop["state"] == "final"]
    if len(finals) != 1:
        yield f"final {len(finals)} times"
        return
    away = finals[0][0] - finals[0][1]["t_pop_us"]
    if min(abs(away - FINAL_US), abs(away - FINAL_SYMPTOM_US)) > NEAR_US:
        yield f"final {away / 1e6:.2f} s after it"
    known = [pop for t, pop in revisions if t < finals[0][1]["t_pop_us"] + FINAL_US - NEAR_US and
             pop["symptoms"]]
    if known and away < FINAL_SYMPTOM_US - NEAR_US:
        yield f"final {away / 1e6:.2f} s after it, with a symptom"


def in_time(v, truth):
    """A red flag from a symptom that came as a command is published within 200 ms."""
    if not v.by_symptom or not v.is_certain or v.classes != {"red_flag"} or not v.revisions:
        return
    told = [s["t_us"] for s in truth["symptoms"] if s["by"] != "button" and
            abs(s["t_us"] - v.red_us) < 1000]
    red = [t for t, pop in v.revisions if pop["class"] == "red_flag"]
    if told and red and red[0] - told[0] > RED_US:
        yield f"{(red[0] - told[0]) / 1e6:.2f} s after the symptom of {v.what}"


def summary(said, athlete, events):
    """The last summary of an only session counts the events by class."""
    mine = said.summaries[athlete]
    if not mine or sum(s["final"] for _, s in mine) != 1:
        return
    t_end, last = mine[-1]
    counts = {}
    for revisions in events.values():
        known = [pop for t, pop in revisions if t <= t_end]
        if known:
            counts[known[-1]["class"]] = counts.get(known[-1]["class"], 0) + 1
    told = {k: n for k, n in last["pops"].items() if n}
    if told != counts:
        yield f"summary of {athlete} counts {told} instead of {counts}"
