# SPDX-License-Identifier: MIT
"""A gateway with all that it depends on: a message bus, the gym as org.bluez, mosquitto, a subscriber
that keeps everything, and coxad, whose disk and clock obey preload.c."""
import errno
import json
import mmap
import os
import signal
import struct
import subprocess
import time

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={run}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""
BROKER = """listener {port} 127.0.0.1
allow_anonymous true
user {user}
persistence true
persistence_location {run}/
max_queued_messages 0
log_type error
log_type warning
"""
GYM = """name soak
what an athlete who pops and complains while everything breaks
tail 1
include mat.gym

timeline ana
	lie 2
	calibrate flat-back
"""
SET = "\tset 1 range 60 raise 1 top 0.2 lower 1.5 bottom 0.3\n\tpop hip-right at rep 1 lower {angle}\n"
COMPLAINT = "\tsymptom discomfort site hip side right intensity {n} by button at pop+0.3\n"
SET_S = 4.5
PATIENCE_S = 90
PAUSE_US = 450000  # posture comes 10 times a second
ASKED_S = 12  # the wearables are asked for missed pops each 10 s


class Failed(Exception):
    pass


def until(what, condition, patience_s=PATIENCE_S):
    """Waits for it; gives its value and how long it took."""
    began = time.monotonic()
    while not (value := condition()):
        if time.monotonic() - began > patience_s:
            raise Failed(f"{what}: not within {patience_s} s")
        time.sleep(0.02)
    return value, time.monotonic() - began


class Seen:
    """What the subscriber has received so far."""

    def __init__(self, path):
        self.path, self.at, self.rest, self.messages = path, 0, "", []
        self.mark = 0

    def read(self):
        with open(self.path, encoding="utf-8") as file:
            file.seek(self.at)
            text = file.read()
            self.at = file.tell()
        lines = (self.rest + text).split("\n")
        self.rest = lines.pop()
        for line in lines:
            retained, topic, payload = line.split(" ", 2)
            if retained == "0" and payload:
                self.messages.append((topic, json.loads(payload)))
        return self.messages

    def recent(self):
        """What came since the mark, which is set before each fault."""
        return self.read()[self.mark :]

    def set_mark(self):
        self.mark = len(self.read())

    def postures_after(self, t_us):
        """When posture was known, from all sensors."""
        return [
            m["t_us"]
            for topic, m in self.recent()
            if topic.endswith("/posture")
            and m["t_us"] > t_us
            and m["phase"] not in ("offline", "uncal")
            and not any(reason.endswith("_MISSING") for reason in m["quality"])
        ]

    def end_of_gap(self, begin_us):
        """The end of the last pause of posture since then; the beginning, if there was none."""
        times = [begin_us, *sorted(self.postures_after(begin_us))]
        pauses = [after for before, after in zip(times, times[1:]) if after - before > PAUSE_US]
        return pauses[-1] if pauses else begin_us

    def has_pop_after(self, t_us):
        return any(m["t_pop_us"] > t_us for topic, m in self.recent() if topic.endswith("/pop"))


def tell_fifo(path, line):
    """False if nobody reads it: to wait for a gym that has ended would take for ever."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        return False
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(line + "\n")
    return True


class World:
    def __init__(self, top, build, run, seconds):
        self.top, self.build, self.run = top, build, run
        self.processes, self.crashes = {}, []
        self.port = int(subprocess.check_output([f"{top}/tools/free-port"], text=True))
        self.seen = Seen(f"{run}/seen")
        self.write("bus.conf", BUS.format(run=run))
        user = subprocess.check_output(["id", "-un"], text=True).strip()
        self.write("mosquitto.conf", BROKER.format(port=self.port, user=user, run=run))
        self.write_gym(2 * seconds + 600)  # it is ended before
        self.write("control", "\0" * 16)
        with open(f"{run}/control", "r+b") as file:
            self.control = mmap.mmap(file.fileno(), 16)
        os.mkdir(f"{run}/state", 0o700)
        os.mkdir(f"{run}/memory", 0o700)
        self.wall_offset_us = 0

    def write(self, name, text):
        with open(f"{self.run}/{name}", "w", encoding="utf-8") as file:
            file.write(text)

    def write_gym(self, seconds):
        text = GYM
        for i in range(int(seconds / SET_S)):
            text += SET.format(angle=20 + i % 5 * 5)
            if i % 3 == 2:
                text += COMPLAINT.format(n=1 + i // 3 % 9)
        self.write("soak.gym", text)
        with open(f"{self.top}/gym/quickstart.gym", encoding="utf-8") as file:
            everything = file.read()
        self.write("mat.gym", everything[everything.index("athlete ana") : everything.index("timeline ana")])

    # --- processes

    def start(self, name, command, **environment):
        with open(f"{self.run}/{name}.log", "ab") as log, open(f"{self.run}/{name}.out", "ab") as out:
            self.processes[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=log, env={**os.environ, **environment}
            )

    def send(self, name, number):
        self.processes[name].send_signal(number)

    def end(self, name, number=signal.SIGTERM):
        """Its exit status."""
        self.send(name, number)
        return self.processes.pop(name).wait(PATIENCE_S)

    def start_bus(self):
        self.start("bus", ["dbus-daemon", f"--config-file={self.run}/bus.conf", "--nofork", "--nopidfile"])
        until("the bus", lambda: os.path.exists(f"{self.run}/bus"))

    def kill_bus(self):
        self.end("bus", signal.SIGKILL)
        os.unlink(f"{self.run}/bus")

    def start_broker(self):
        self.start("mosquitto", ["mosquitto", "-c", f"{self.run}/mosquitto.conf"])

    def start_subscriber(self):
        with open(f"{self.run}/seen", "wb") as seen, open(f"{self.run}/sub.log", "wb") as log:
            self.processes["sub"] = subprocess.Popen(
                ["mosquitto_sub", "-p", str(self.port), "-i", "watcher", "-c", "-q", "1", "-t", "coxa/#"]
                + ["-F", "%r %t %p"],
                stdout=seen,
                stderr=log,
            )

    def start_coxad(self):
        preload = {} if self.is_sanitized() else {"LD_PRELOAD": f"{self.build}/tests/soak/preload.so"}
        self.start(
            "coxad",
            [f"{self.build}/coxad", "--config", f"{self.run}/coxad.conf"],
            COXAD_SOAK_CONTROL=f"{self.run}/control",
            DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={self.run}/bus",
            STATE_DIRECTORY=f"{self.run}/state",
            RUNTIME_DIRECTORY=f"{self.run}/memory",
            COXAD_TRACE="outbox",
            **preload,
        )

    def is_sanitized(self):
        """A sanitizer's runtime must come first, so the disk and the clock are left alone."""
        with open(f"{self.build}/coxad", "rb") as file:
            return b"__asan_init" in file.read()

    def start_gym(self):
        broker = f"mqtt://127.0.0.1:{self.port}"
        script = [f"{self.build}/coxa-gym", f"{self.run}/soak.gym"]
        subprocess.run([*script, "--config", f"{self.run}/coxad.conf", "--broker", broker], check=True)
        self.start(
            "gym",
            [*script, "--bus", f"unix:path={self.run}/bus", "--truth", f"{self.run}/truth.json"]
            + ["--commands", "--broker", broker, "--control", f"{self.run}/gym.control"],
        )
        until("the gym", lambda: os.path.exists(f"{self.run}/gym.control"))

    def begin(self):
        self.start_bus()
        self.start_broker()
        time.sleep(0.3)
        self.start_subscriber()
        self.start_gym()
        self.start_coxad()

    def finish(self):
        for process in self.processes.values():
            process.kill()
            process.wait()

    # --- orders

    def order_gym(self, line):
        until("the gym's ear", lambda: tell_fifo(f"{self.run}/gym.control", line))

    def log_size(self):
        path = f"{self.run}/coxad.log"
        return os.path.getsize(path) if os.path.exists(path) else 0

    def log(self, since=0):
        """What coxad said, from an earlier log_size() on."""
        if not os.path.exists(f"{self.run}/coxad.log"):
            return ""
        with open(f"{self.run}/coxad.log", encoding="utf-8", errors="replace") as file:
            file.seek(since)
            return file.read()

    def until_logged(self, text, since):
        until(f"'{text}' in the journal", lambda: text in self.log(since))

    def set_disk(self, trouble):
        modes = ("good", "full", "read-only", "broken", "slow")
        self.control[8:12] = struct.pack("=i", modes.index(trouble))

    def move_clock(self, seconds):
        self.wall_offset_us += int(seconds * 1e6)
        self.control[0:8] = struct.pack("=q", self.wall_offset_us)

    # --- coxad's own state

    def resources(self):
        """Resident memory in KiB, and how many descriptors."""
        pid = self.processes["coxad"].pid
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            pages = int(file.read().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") // 1024, len(os.listdir(f"/proc/{pid}/fd"))

    def check_alive(self):
        status = self.processes["coxad"].poll()
        if status is not None:
            raise Failed(f"coxad ended by itself with {status}")
