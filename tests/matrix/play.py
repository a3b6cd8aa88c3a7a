# SPDX-License-Identifier: MIT
"""Plays a coxa-gym script through coxad --replay. COXAD and COXA_GYM name the programs; under make
check they are the ones just built.
"""
import json
import os
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("COXAD_TOP_BUILDDIR", os.path.join(HERE, "..", "..", "build"))
COXAD = os.environ.get("COXAD", os.path.join(BUILD, "coxad"))
GYM = os.environ.get("COXA_GYM", os.path.join(BUILD, "coxa-gym"))


def run(*words):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                          timeout=300)
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]} ended with {done.returncode}: "
                           f"{done.stderr.decode(errors='replace').strip()[-300:]}")
    return done.stdout.decode()


def messages_of(lines):
    return [json.loads(line) for line in lines.splitlines()]


def play(text, seed, keep=None, change=None):
    """The messages and the truth of a script, with the commands added to the truth; change(lines)
    can alter the capture before it is replayed."""
    with tempfile.TemporaryDirectory() as temporary:
        stem = os.path.join(keep or temporary, f"set-{seed}")
        with open(stem + ".gym", "w", encoding="utf-8") as file:
            file.write(text)
        capture, truth, conf = stem + ".coxacap", stem + ".truth.json", stem + ".conf"
        run(GYM, stem + ".gym", "--seed", str(seed), "--capture", capture, "--truth", truth,
            "--config", conf)
        if change:
            with open(capture, encoding="utf-8") as file:
                lines = change(file.read().splitlines())
            with open(capture, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
        lines = run(COXAD, "--replay", capture, "--config", conf)
        with open(truth, encoding="utf-8") as file:
            known = json.load(file)
        with open(capture, encoding="utf-8") as file:
            known["commands"] = [(c["t"], c["topic"], c["payload"]) for c in
                                 (json.loads(line) for line in file if '"command"' in line)]
        return messages_of(lines), known


def with_commands(lines, commands):
    """The lines of a capture, with commands (t, topic, payload) inserted at their instants."""
    out = [(json.loads(line)["t"], line) for line in lines]
    out += [(t, json.dumps({"t": t, "e": "command", "topic": topic, "payload": payload}))
            for t, topic, payload in commands]
    return [line for _, line in sorted(out, key=lambda pair: pair[0])]
