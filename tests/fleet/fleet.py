# SPDX-License-Identifier: MIT
"""A hall with a radio on each of its computers, and a brain on one more, which has no radio of its own."""
import json
import os
import subprocess

from hall import BROKER, BUILD, check, wait_for
from training import WORN, script

BRAIN = 0
SLOTS = 5
CLOCKS_APART_S = 1000
RADIO = """[gateway]
name = pi-{number}
site = hall
role = radio
[mqtt]
broker = mqtt://{broker}
[bluetooth]
slots = {slots}
"""


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


class Fleet:
    def __init__(self, hall, mats, sets):
        self.hall, self.n_wearables = hall, len(WORN) * mats
        hall.write("hall.gym", script(range(1, mats + 1), sets))
        os.mkdir(hall.path("state-0"))
        os.mkdir(hall.path("brain.conf.d"))
        hall.write("brain.conf.d/role.conf", "[gateway]\nrole = brain\n")
        gym = [f"{BUILD}/coxa-gym", hall.path("hall.gym")]
        subprocess.run([*gym, "--config", hall.path("brain.conf"), "--broker", f"mqtt://{BROKER}"], check=True)
        for number in hall.numbers:
            hall.write(f"radio-{number}.conf", RADIO.format(number=number, broker=BROKER, slots=SLOTS))

    def start_brain(self):
        self.hall.start("brain", [f"{BUILD}/coxad", "--config", self.hall.path("brain.conf")], BRAIN)

    def start_radio(self, number):
        self.hall.start(f"radio-{number}", [f"{BUILD}/coxad", "--config", self.hall.path(f"radio-{number}.conf")], number)

    def begin(self):
        """Ends when every wearable has a link."""
        self.hall.start_buses()
        self.hall.start_networks(BRAIN, clocks_apart_s=CLOCKS_APART_S)
        self.hall.start_broker()
        self.hall.start_subscriber()
        self.start_brain()
        for number in self.hall.numbers:
            self.start_radio(number)
        self.hall.start_gym(self.hall.path("hall.gym"), "--commands", "--broker", f"mqtt://{BROKER}")
        self.wait_for_links("the links")

    def wait_for_links(self, what):
        wait_for(what, lambda: sum(self.hall.links()) == self.n_wearables)

    def n_streams(self):
        """How many links of the radios have carried data so far."""
        logs = [self.hall.path(f"radio-{number}.log") for number in self.hall.numbers]
        return sum(read(log).count(": streaming") for log in logs)

    def end(self):
        """The truth."""
        check(self.hall.processes["gym"].wait(300) == 0, "the gym failed")
        for number in self.hall.numbers:
            check(self.hall.end(f"radio-{number}") == 0, "a radio does not end well")
        check(self.hall.end("brain") == 0, "the brain does not end well")
        with open(self.hall.path("truth.json"), encoding="utf-8") as file:
            return json.load(file)
