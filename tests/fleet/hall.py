# SPDX-License-Identifier: MIT
"""One virtual gym with several computers in it. Each has a message bus with the gym behind it; with networks, each
also has a network namespace of its own, and a cable to the broker that can be cut."""
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.environ["COXAD_TOP_SRCDIR"]
BUILD = os.environ["COXAD_TOP_BUILDDIR"]
PATIENCE_S = 120

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""


class Failed(Exception):
    pass


def check(condition, what):
    if not condition:
        raise Failed(what)


def wait_for(what, condition, seconds=PATIENCE_S):
    """Its value, and how long it took."""
    began = time.monotonic()
    while not (found := condition()):
        check(time.monotonic() - began < seconds, f"waited {seconds} s for {what}")
        time.sleep(0.05)
    return found, time.monotonic() - began


class Hall:
    def __init__(self, n):
        self.run, self.numbers = tempfile.mkdtemp(), range(1, n + 1)
        self.processes, self.logs = {}, []
        for number in self.numbers:
            os.mkdir(self.path(f"state-{number}"))

    def path(self, name):
        return os.path.join(self.run, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def start(self, name, command, number=None, **options):
        """Number: of the computer that it runs on."""
        environment = dict(os.environ)
        if number:
            environment.update(DBUS_SYSTEM_BUS_ADDRESS=self.address(number), STATE_DIRECTORY=self.path(f"state-{number}"),
                               COXAD_BLUETOOTH_CONF="/dev/null")
        self.logs.append(f"{name}.log")
        with open(self.path(f"{name}.log"), "ab") as log:
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=options.get("stdout", log),
                                       stderr=options.get("stderr", log))
        self.processes[name] = process
        return process

    def end(self, name, number=signal.SIGTERM):
        """Its exit status."""
        process = self.processes.pop(name)
        process.send_signal(number)
        return process.wait(PATIENCE_S)

    # --- the gym

    def address(self, number):
        return f"unix:path={self.path(f'bus-{number}')}"

    def start_buses(self):
        for number in self.numbers:
            self.write(f"bus-{number}.conf", BUS.format(path=self.path(f"bus-{number}")))
            self.start(f"bus-{number}", ["dbus-daemon", f"--config-file={self.path(f'bus-{number}.conf')}", "--nofork", "--nopidfile"])
        for number in self.numbers:
            wait_for("a bus", lambda: os.path.exists(self.path(f"bus-{number}")))

    def start_gym(self, script, *options):
        """The script's configuration is left in gym.conf, the truth in truth.json once it has ended."""
        command = [f"{BUILD}/coxa-gym", script]
        subprocess.run([*command, "--config", self.path("gym.conf")], check=True)
        for number in self.numbers:
            command += ["--bus", self.address(number)]
        self.start("gym", [*command, "--truth", self.path("truth.json"), "--control", self.path("gym.control"), *options],
                   stderr=subprocess.PIPE)
        wait_for("the gym", lambda: os.path.exists(self.path("gym.control")))

    def order(self, number, line):
        """What the gym answers, for one of the computers."""
        gym = self.processes["gym"]
        with open(self.path("gym.control"), "r+b", buffering=0) as control:
            control.write(f"bus {number} {line}\n".encode())
            ready, _, _ = select.select([gym.stderr], [], [], PATIENCE_S)
            check(ready, f"the gym does not answer to {line}")
            answer = gym.stderr.readline().decode().strip()
        check(not answer.startswith("error"), f"{line}: {answer}")
        return answer

    def links(self):
        """How many each computer has."""
        return [int(self.order(number, "count links")) for number in self.numbers]

    def cut_power(self, number, *names):
        """Nothing on it says goodbye."""
        self.order(number, "restart 3600000")
        for name in names:
            self.end(name, signal.SIGKILL)

    # --- the end

    def stop(self):
        for process in self.processes.values():
            process.kill()
            process.wait()
        shutil.rmtree(self.run)

    def tell(self):
        for name in dict.fromkeys(self.logs):
            with open(self.path(name), encoding="utf-8", errors="replace") as file:
                print(f"--- {name}\n{file.read()[-3000:]}")


def read_capture(path):
    """One that was not ended may end in the middle of a line."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]


def main(test, n):
    hall = Hall(n)
    began = time.monotonic()
    try:
        test(hall)
    except (Failed, subprocess.SubprocessError, OSError, ValueError, KeyError) as error:
        print(f"FAIL: {error!r}")
        hall.tell()
        return 1
    finally:
        hall.stop()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{time.monotonic() - began:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of CPU")
    return 0


if __name__ == "__main__":
    sys.exit("only for other tests")
