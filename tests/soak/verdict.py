# SPDX-License-Identifier: MIT
"""Compares what the subscriber saw with what the gym played."""
import json

NEAR_US = 60000


def check_numbers(messages, expired, wrong):
    by_seq = {}
    for topic, m in messages:
        if "seq" not in m:
            continue
        key = (topic, m["id"], m.get("rev"))
        if by_seq.setdefault(m["seq"], key) != key:
            wrong.append(f"number {m['seq']} is {by_seq[m['seq']]} and {key}")
    missing = [n for n in range(1, max(by_seq, default=0) + 1) if n not in by_seq and n not in expired]
    if missing or not by_seq:
        wrong.append(f"{len(missing)} numbers are missing: {missing[:10]}")
    return len(by_seq)


def check_repeats(messages, wrong):
    """One id and revision has one content, and one number."""
    seen, repeats = {}, 0
    for topic, m in messages:
        if "seq" not in m:
            continue
        key = (topic, m["id"], m.get("rev"))
        m = {name: value for name, value in m.items() if name != "late_ms"}
        repeats += key in seen
        if seen.setdefault(key, m) != m:
            wrong.append(f"{key} was said twice, not the same: {seen[key]} and {m}")
    return repeats


def check_pops(messages, truth, wrong):
    told = {m["id"]: m for topic, m in messages if topic.endswith("/pop") and m["class"] != "symptom_only"}
    lost, twice = [], 0
    played = [p for p in truth["pops"] if p["sound"] == "pop"]
    for pop in played:
        near = [m for m in told.values() if abs(m["t_pop_us"] - pop["t_us"]) < NEAR_US + 1000 * m["time_uncertainty_ms"]]
        if not near:
            lost.append(round(pop["t"], 1))
        twice += len(near) > 1
    if lost:
        wrong.append(f"pops lost, at {lost[:10]} s of the script")
    if twice:
        wrong.append(f"{twice} pops told as two")
    return len(played)


def check_complaints(messages, truth, outages, wrong):
    """A button is not asked again for what it said while nobody listened."""
    told = {s for topic, m in messages if topic.endswith(("/pop", "/alert")) for s in m["symptoms"]}
    heard = [
        s for s in truth["symptoms"] if not any(begin - 1e6 < s["t_us"] < end + 1e6 for begin, end in outages)
    ]
    if len(told) < len(heard):
        wrong.append(f"{len(heard)} complaints by button that could be heard, {len(told)} told")
    if heard and not any(topic.endswith("/alert") for topic, _ in messages):
        wrong.append("no alert was raised")
    return len(heard)


def compare(messages, truth_path, outages, end_us, expired):
    """The summary, and what is wrong. What was played until the end counts; of the numbers, those
    that did not expire."""
    wrong = []
    with open(truth_path, encoding="utf-8") as file:
        truth = json.load(file)
    for kind in ("pops", "symptoms"):
        truth[kind] = [item for item in truth[kind] if item["t_us"] < end_us]
    events = check_numbers(messages, expired, wrong)
    repeats = check_repeats(messages, wrong)
    pops = check_pops(messages, truth, wrong)
    complaints = check_complaints(messages, truth, outages, wrong)
    summary = f"{events} events, {repeats} of them more than once; {pops} pops; {complaints} complaints by button"
    return summary, wrong
