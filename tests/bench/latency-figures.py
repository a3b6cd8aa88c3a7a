#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""latency-figures WHAT SEEN REPLAY: joins what a subscriber saw with what the replay says was due.

SEEN: lines of `subscriber`. REPLAY: lines of coxad --replay of the same run. Events are joined by
their seq; samples of posture, which have none, by athlete and t_us.
"""
import json
import sys


def key_of(topic, payload):
    kind = topic.rsplit("/", 1)[1]
    if kind == "posture":
        return kind, topic, payload["t_us"]
    if "seq" in payload:
        return kind, payload["seq"]
    return None


def main():
    what, seen_path, replay_path = sys.argv[1:]
    due = {}
    with open(replay_path, encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            if line["payload"]:
                due.setdefault(key_of(line["topic"], line["payload"]), line["t"])
    took = {}
    with open(seen_path, encoding="utf-8") as file:
        for text in file:
            at, topic, payload = text.rstrip("\n").split(" ", 2)
            try:
                key = key_of(topic, json.loads(payload))
            except ValueError:
                continue
            if key in due and key is not None:
                took.setdefault(key[0], []).append((int(at) - due[key]) / 1000)
    if not took.get("pop") or not took.get("alert"):
        sys.exit("latency: the subscriber saw no pop or no alert")
    events = [t for kind, all_of in took.items() if kind != "posture" for t in all_of]
    took["all events"], took["all messages"] = events, events + took.get("posture", [])
    print(what)
    for kind, all_of in took.items():
        all_of.sort()
        n = len(all_of)
        print(f"  {kind:12} n {n:5}  p50 {all_of[n // 2]:6.2f}  p99 {all_of[min(n - 1, n * 99 // 100)]:6.2f}"
              f"  max {all_of[-1]:6.2f}")


if __name__ == "__main__":
    main()
