# SPDX-License-Identifier: MIT
"""A class whose athletes pop and complain, each on a mat with a kit of four, and what must come of it."""
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "soak"))

import verdict  # noqa: E402

WORN = ["pelvis", "thigh-left", "thigh-right", "hip-right"]
SET = "\tset 1 range 60 raise 1 top 0.2 lower 1.5 bottom 0.3\n\tpop hip-right at rep 1 lower {angle}\n"
# Clear of 35 degrees, below which lowering is beyond control, and each athlete always at the same one, which makes a
# pattern: otherwise the reasons would be a toss-up.
ANGLES = (20, 25, 30, 39, 44)
COMPLAINT = "\tsymptom discomfort site hip side right intensity {n} by button at pop+0.3\n"


def mat(i):
    text = f"athlete athlete-{i}\nkit {i}\n\texercise supine-straight\n\tathlete athlete-{i}\n"
    for k, worn in enumerate(WORN):
        text += f"wearable {i}-{worn}\n\taddress C0:A5:00:00:{i:02}:{k + 1:02}\n\tkit {i}\n\tplacement {worn}\n\tmount default\n"
    return text


def timeline(i, sets):
    """Each begins a little later than the one before, so their pops are told apart."""
    text = f"timeline athlete-{i}\n\tlie {2 + 0.6 * i:.1f}\n\tcalibrate flat-back\n"
    for n in range(sets):
        text += SET.format(angle=ANGLES[i % len(ANGLES)])
        if (n + i) % 3 == 2:
            text += COMPLAINT.format(n=1 + n % 9)
    return text


def script(mats, sets, gateway="brain", site="hall"):
    text = f"name training\nwhat a class whose athletes pop and complain\ngateway {gateway}\nsite {site}\ntail 4\n"
    return text + "".join(mat(i) for i in mats) + "".join(timeline(i, sets) for i in mats)


def invented(told, pops):
    """Told pops that nobody had."""
    last = {m["id"]: m for topic, m in told if topic.endswith("/pop") and m["class"] != "symptom_only"}
    return [m["t_pop_us"] for m in last.values() if not any(
        abs(m["t_pop_us"] - pop["t_us"]) < verdict.NEAR_US + 1000 * m["time_uncertainty_ms"] for pop in pops)]


def judge(messages, truth, outages=None, end_us=math.inf):
    """What is wrong: lost, if it was played before the end, doubled or invented. Outages, by athlete: from when until when
    no button could be heard."""
    wrong = []
    for gateway in sorted({m["gateway"] for _, m in messages if "gateway" in m}):
        verdict.check_numbers([(topic, m) for topic, m in messages if m.get("gateway") == gateway], (), wrong)
    verdict.check_repeats(messages, wrong)
    for athlete in sorted(truth["bodies"]):
        told = [(topic, m) for topic, m in messages if f"/athlete/{athlete}/" in topic]
        mine = {kind: [item for item in truth[kind] if item["athlete"] == athlete] for kind in ("pops", "symptoms")}
        played = {kind: [item for item in items if item["t_us"] < end_us] for kind, items in mine.items()}
        before = len(wrong)
        if not verdict.check_pops(told, played, wrong):
            wrong.append("no pop was played")
        verdict.check_complaints(told, played, (outages or {}).get(athlete, ()), wrong)
        if nobodys := invented(told, mine["pops"]):
            wrong.append(f"pops that nobody had, at {nobodys}")
        wrong[before:] = [f"{athlete}: {text}" for text in wrong[before:]]
    return wrong
