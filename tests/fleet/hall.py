# SPDX-License-Identifier: MIT
"""One virtual gym with several computers in it. Each has a message bus with the gym behind it. In networks each is also
a network namespace of its own, with a cable to the switch that the broker is at."""
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
BROKER = "10.0.0.1"
MOSQUITTO = """listener 1883
allow_anonymous true
user {user}
persistence true
persistence_location {run}/
max_queued_messages 0
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


def ip(*lines, inside=()):
    subprocess.run([*inside, "ip", "-batch", "-"], input="\n".join(lines), text=True, check=True)


class Hall:
    def __init__(self, n):
        self.run, self.numbers = tempfile.mkdtemp(), range(1, n + 1)
        self.processes, self.logs, self.networks = {}, [], {}
        for number in self.numbers:
            os.mkdir(self.path(f"state-{number}"))

    def path(self, name):
        return os.path.join(self.run, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def start(self, name, command, number=None, **options):
        """Number: of the computer that it runs on. Without one, it is where the broker is."""
        environment = dict(os.environ)
        if number in self.networks:
            inside = f"/proc/{self.networks[number]}/ns"
            command = ["nsenter", f"--net={inside}/net", f"--time={inside}/time", *command]
        if number is not None:
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

    def cut_power(self, number, *names, seconds=3600):
        """Nothing on it says goodbye; the names are of what runs on it."""
        self.order(number, f"restart {1000 * seconds}")
        for name in names:
            self.end(name, signal.SIGKILL)

    # --- networks

    def start_networks(self, *others, clocks_apart_s=0):
        """Of the computers, and of others without radio. The broker's is that of the test. Each computer was started
        so much earlier than the one before."""
        ip("link set lo up", "link add switch type bridge", f"addr add {BROKER}/24 dev switch", "link set switch up")
        for number in (*self.numbers, *others):
            late_s = clocks_apart_s * number
            clock = ["--time", f"--monotonic={late_s}", f"--boottime={late_s}"] if late_s else []
            pid = self.start(f"network-{number}", ["unshare", "--net", *clock, "sleep", "infinity"]).pid
            mine = os.readlink("/proc/self/ns/net")
            wait_for("a network", lambda: os.readlink(f"/proc/{pid}/ns/net") != mine)
            ip(f"link add cable-{number} type veth peer name eth0 netns {pid}", f"link set cable-{number} master switch up")
            self.networks[number] = pid
            inside = ["nsenter", f"--net=/proc/{pid}/ns/net"]
            ip("link set lo up", f"addr add 10.0.0.{10 + number}/24 dev eth0", "link set eth0 up", inside=inside)

    def set_cable(self, number, is_in):
        ip(f"link set cable-{number} {'up' if is_in else 'down'}")

    def disturb(self, number, *how):
        """Delay and loss, as tc-netem(8) has them. False if this kernel cannot."""
        command = ["tc", "qdisc", "replace", "dev", f"cable-{number}", "root", "netem", *how]
        return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0

    def start_broker(self):
        user = subprocess.check_output(["id", "-un"], text=True).strip()
        self.write("mosquitto.conf", MOSQUITTO.format(user=user, run=self.run))
        self.start("mosquitto", ["mosquitto", "-c", self.path("mosquitto.conf")])
        ready = ["mosquitto_pub", "-h", BROKER, "-t", "ready", "-n"]
        wait_for("the broker", lambda: subprocess.run(ready, stderr=subprocess.DEVNULL, check=False).returncode == 0)

    def start_subscriber(self):
        """To what is for people."""
        filters = [word for room in ("athlete", "gateway", "kit", "wearable") for word in ("-t", f"coxa/v1/+/{room}/#")]
        command = ["mosquitto_sub", "-h", BROKER, "-q", "1", "-i", "subscriber", "-c", *filters, "-F", "%U %r %t %p"]
        with open(self.path("seen"), "wb") as seen:
            self.start("subscriber", command, stdout=seen)

    def arrivals(self):
        """(when it arrived on the clock of the test, in microseconds, topic, message) of all that was published so far."""
        offset_us, messages = time.monotonic_ns() / 1000 - time.time_ns() / 1000, []
        with open(self.path("seen"), encoding="utf-8") as file:
            for line in file:
                wall_s, retained, topic, payload = line.split(" ", 3)
                if line.endswith("}\n") and retained == "0":
                    messages.append((float(wall_s) * 1e6 + offset_us, topic, json.loads(payload)))
        return messages

    def seen(self):
        """(topic, message) of the same."""
        return [(topic, message) for _, topic, message in self.arrivals()]

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
    """One that was not ended may end in the middle of a line, or not have begun."""
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]


def enter_network():
    """Goes on in a network of its own; ends the test where that may not be."""
    space = ["unshare", "--net"]
    for program in "mosquitto", "unshare", "nsenter", "ip":
        if not shutil.which(program):
            print(f"no {program}: skipped")
            sys.exit(77)
    if "inside" in sys.argv:
        return
    bridge = [*space, "ip", "link", "add", "switch", "type", "bridge"]
    if subprocess.run(bridge, stderr=subprocess.DEVNULL, check=False).returncode:
        print("no right to make networks (root has it), or no bridge in this kernel: skipped")
        sys.exit(77)
    os.execvp(space[0], [*space, sys.executable, *sys.argv, "inside"])


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
