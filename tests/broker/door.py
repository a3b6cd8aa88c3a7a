# SPDX-License-Identifier: MIT
"""coxad at a real mosquitto, without Bluetooth: what the tests of the door have in common."""
import atexit
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BUILD = os.environ["COXAD_TOP_BUILDDIR"]
SOURCE = os.environ["COXAD_TOP_SRCDIR"]
DEADLINE_S = 60

os.environ["PATH"] += ":/usr/local/sbin:/usr/sbin"
for needed in "mosquitto", "mosquitto_pub", "mosquitto_sub", "dbus-daemon":
    if not shutil.which(needed):
        print(f"no {needed}: skipped")
        sys.exit(77)

place = tempfile.mkdtemp(prefix="coxad-door-")
running = []
checks = failures = 0


def path(name):
    return os.path.join(place, name)


def write(name, content, mode=0o600):
    data = content if isinstance(content, bytes) else content.encode()
    with open(path(name), "wb") as file:
        file.write(data)
    os.chmod(path(name), mode)
    return path(name)


def check(condition, what):
    global checks, failures
    checks += 1
    if not condition:
        failures += 1
        print(f"FAIL: {what}")
    return condition


def finish():
    print(f"# {checks} checks, {failures} failed")
    sys.exit(bool(failures or not checks))


def free_port():
    return int(subprocess.check_output([f"{SOURCE}/tools/free-port"]))


class Child:
    """A program whose output, with its errors, can be waited for."""

    def __init__(self, *argv, stdin=subprocess.DEVNULL, **options):
        self.lines, self.rest, self.is_open = [], b"", True
        self.process = subprocess.Popen(argv, stdin=stdin, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, **options)
        running.append(self)

    def take(self):
        data = os.read(self.process.stdout.fileno(), 65536)
        *lines, self.rest = (self.rest + data).split(b"\n")
        self.lines += [line.decode("utf-8", "backslashreplace") for line in lines]
        self.is_open = bool(data)

    def read(self, timeout_s):
        """Reads all children, so that none waits for its reader. False at the end of this one."""
        pipes = {child.process.stdout: child for child in running if child.is_open}
        for pipe in select.select(list(pipes), [], [], max(0, timeout_s))[0]:
            pipes[pipe].take()
        return self.is_open

    def find(self, text, since=0):
        return next((line for line in self.lines[since:] if text in line), None)

    def wait(self, text, since=0, timeout_s=DEADLINE_S):
        """The line; None, and a failed check, if it does not come."""
        until = time.monotonic() + timeout_s
        while not self.find(text, since):
            if time.monotonic() > until or not self.read(until - time.monotonic()):
                break
        line = self.find(text, since)
        if not check(line, f"no line with '{text}'"):
            print("\n".join("    " + line for line in self.lines[since:][-12:]))
        return line

    def hup(self):
        self.process.send_signal(signal.SIGHUP)

    def stop(self, how=signal.SIGTERM):
        """The exit status; None if it had to be killed."""
        self.process.send_signal(how)
        return self.end()

    def end(self):
        """The same, when it ends by itself."""
        until = time.monotonic() + DEADLINE_S
        while self.read(until - time.monotonic()):
            if time.monotonic() > until:
                self.process.kill()
                return None
        return self.process.wait()


@atexit.register
def clean_up():
    for child in running:
        if child.process.poll() is None:
            child.process.kill()
            child.process.wait()
    shutil.rmtree(place, ignore_errors=True)


class Broker(Child):
    def __init__(self, extra="allow_anonymous true", listener="", port=None):
        self.port = port or free_port()
        conf = write(f"mosquitto-{self.port}.conf", f"user root\nlog_type all\n{extra}\nlistener "
                     f"{self.port} 127.0.0.1\n{listener}\n")
        super().__init__("mosquitto", "-c", conf)
        self.wait(" running")

    def call(self, program, topic, *options):
        return [program, "-h", "127.0.0.1", "-p", str(self.port), "-t", topic, *options]

    def publish(self, topic, *payloads):
        with tempfile.TemporaryFile() as file:
            file.write("".join(p + "\n" for p in payloads).encode())
            file.seek(0)
            status = Child(*self.call("mosquitto_pub", topic, "-q", "1", "-l"), stdin=file).end()
        check(status == 0, f"mosquitto_pub: {status}")


def request(broker, topic, payload, *options, response=None, timeout_s=5):
    """A command's answer by MQTT 5, or None."""
    argv = [a for a in broker.call("mosquitto_rr", topic, "-V", "5", "-q", "1", "-m", payload, "-e",
                                   response or f"coxa/v1/gym/reply/{time.monotonic_ns()}", "-W",
                                   str(timeout_s), *options)]
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
                          timeout=DEADLINE_S)
    return json.loads(done.stdout) if done.stdout.strip() else None


CONF = """[gateway]
name = pi
site = gym
[mqtt]
broker = {broker}
{mqtt}
[kit 1]
exercise = supine-straight
[wearable pelvis]
address = C0:A5:00:00:01:01
kit = 1
placement = pelvis
driver = witmotion
"""

bus_started = False


def start_bus():
    """A bus of our own without bluetoothd."""
    global bus_started
    if bus_started:
        return
    bus_started = True
    address = f"unix:path={path('bus')}"
    conf = write("bus.conf", f"""<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>{address}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/>
<allow own="*"/></policy></busconfig>""")
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = address
    bus = Child("dbus-daemon", f"--config-file={conf}", "--nofork", "--nopidfile",
                "--print-address")
    bus.wait("unix:")


def configure(broker, mqtt="", name="coxad.conf"):
    return write(name, CONF.format(broker=broker, mqtt=mqtt), 0o644)


def start_coxad(broker, mqtt="", state=None, environment=None):
    return start_with(configure(broker, mqtt), state, environment)


def start_with(conf, state=None, environment=None):
    """coxad by a configuration of one's own."""
    start_bus()
    directory = path(state or f"state-{time.monotonic_ns()}")
    if not os.path.exists(directory):
        os.makedirs(directory, 0o700)
    return Child(f"{BUILD}/coxad", "--config", conf,
                 env={**os.environ, "STATE_DIRECTORY": directory, **(environment or {})})


def check_config(broker, mqtt="", **options):
    """Exit status and what was said."""
    done = subprocess.run([f"{BUILD}/coxad", "--config", configure(broker, mqtt, "check.conf"),
                           "--check-config"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, timeout=DEADLINE_S, **options)
    return done.returncode, done.stdout.decode()
