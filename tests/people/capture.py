# SPDX-License-Identifier: MIT
"""Recordings of people as captures: what coxad would have heard, had the sensors been Coxa or BlueST
wearables. A recording is a list of streams; a stream is a placement, a rate and its samples
(acceleration in m/s^2, rate of turn in rad/s).
"""
import gzip
import json
import math
import random
import struct

COXA = "c0a5%04x-9bc6-4808-a8bd-20fbe3fc7d8c"
BLUEST_MOTION = "00e00000-0001-11e1-ac36-0002a5d5c51b"
ACC_G, GYR_DPS, G = 8, 2000, 9.80665
START_US = 5_000_000_000


def read_csv(path):
    """Rate and samples of a recording in CSV: a comment with the rate, the names, the samples."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = file.read().splitlines()
    rate_hz = float(lines[0].split(" Hz")[0].split()[-1])
    names = lines[1].split(",")
    at = [names.index(name) for name in ("ax", "ay", "az", "gx", "gy", "gz")]
    rows = [line.split(",") for line in lines[2:]]
    return rate_hz, [[float(row[i]) for i in at] for row in rows if all(row[i] for i in at)]


def resample(rate_hz, samples, to_hz):
    """The samples at another rate, between neighbours in a straight line."""
    out = []
    for k in range(int((len(samples) - 1) * to_hz / rate_hz)):
        i, share = divmod(k * rate_hz / to_hz, 1)
        out.append([a + share * (b - a) for a, b in zip(samples[int(i)], samples[int(i) + 1])])
    return out


def i16(value):
    return max(-32768, min(32767, round(value)))


def address_of(n):
    return f"C0:A5:00:00:0A:{n:02X}"


def coxa_lines(n, rate_hz, samples, jitter):
    """Connect, read what the wearable is, then packets of 2, 3, 2, ... samples."""
    where = address_of(n)
    interval_us = round(1e6 / rate_hz)
    info = struct.pack("<BBBBHHIIHH", 1, 1, ACC_G, 0, GYR_DPS, round(rate_hz), 0, 7 + n, 64, 0)
    lines = [(START_US, {"e": "connected", "w": where, "mtu": 247}),
             (START_US + 20000, {"e": "read", "w": where, "c": COXA % 2, "v": info.hex()})]
    i = sequence = 0
    while i < len(samples):
        part = samples[i:i + 2 + sequence % 2]
        first_us = i * interval_us
        packet = struct.pack("<HIH", sequence & 0xffff, (first_us + 777) & 0xffffffff, interval_us)
        for s in part:
            packet += struct.pack("<6h", *(i16(a / G / ACC_G * 32768) for a in s[:3]),
                                  *(i16(math.degrees(g) / GYR_DPS * 32768) for g in s[3:]))
        sent_us = START_US + 100000 + first_us + (len(part) - 1) * interval_us
        lines.append((sent_us + jitter.randrange(4000, 40000),
                      {"e": "notify", "w": where, "c": COXA % 4, "v": packet.hex()}))
        i, sequence = i + len(part), sequence + 1
    return in_order(lines)


def bluest_lines(n, ticks, samples, jitter, tick_us=8000):
    """A sample a packet, dated in ticks; samples in mg, 0.1 deg/s and mGauss."""
    where = address_of(n)
    lines = [(START_US, {"e": "connected", "w": where, "mtu": 23})]
    for tick, values in zip(ticks, samples):
        packet = struct.pack("<H9h", tick & 0xffff, *(i16(v) for v in values))
        lines.append((START_US + 100000 + (tick - ticks[0]) * tick_us + jitter.randrange(4000, 40000),
                      {"e": "notify", "w": where, "c": BLUEST_MOTION, "v": packet.hex()}))
    return in_order(lines)


def in_order(lines):
    """One wearable's packets arrive in order."""
    last, out = 0, []
    for t, line in lines:
        last = max(t, last + 1)
        out.append((last, line))
    return out


def as_bluest(rate_hz, samples):
    """Samples of a stream as a SensorTile sends them, with its ticks."""
    ticks = [round(i * 1e6 / rate_hz / 8000) for i in range(len(samples))]
    return ticks, [[v * 1000 / G for v in s[:3]] + [math.degrees(v) * 10 for v in s[3:]] + [0] * 3
                   for s in samples]


def write(stem, streams, exercise, commands=()):
    """stem.coxacap and stem.conf. A stream is (placement, driver, lines); commands are (seconds,
    verb, payload)."""
    all_lines = [line for _, _, lines in streams for line in lines]
    all_lines += [(START_US + round(s * 1e6), {"e": "command", "topic": f"command/{verb}",
                                               "payload": payload}) for s, verb, payload in commands]
    all_lines.sort(key=lambda pair: pair[0])
    with open(stem + ".coxacap", "w", encoding="utf-8") as file:
        head = {"coxa_capture": 1, "t": START_US, "wall": "2026-11-22T17:30:00.000Z",
                "gateway": "people"}
        for line in [head] + [{"t": t, **line} for t, line in all_lines]:
            print(json.dumps(line), file=file)
    with open(stem + ".conf", "w", encoding="utf-8") as file:
        print(f"[gateway]\nname = people\nsite = people\n\n[kit 1]\nexercise = {exercise}\n"
              "athlete = someone", file=file)
        for n, (placement, driver, _) in enumerate(streams, 1):
            print(f"\n[wearable {placement}]\naddress = {address_of(n)}\nkit = 1\n"
                  f"placement = {placement}\ndriver = {driver}", file=file)


def jitter(seed):
    return random.Random(seed)
