# SPDX-License-Identifier: MIT
"""A private message bus with the shipped policy, a real coxad and the virtual gym on it. As root, each
role of the policy is a user of its own, who need not exist; otherwise whoever runs the test has all."""
import json
import os
import pwd
import re
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
IS_ROOT = os.getuid() == 0
# Users that every Debian has, each with a group of its own: the bus takes no others.
DAEMON, TRAINER, ADMIN, STRANGER = "daemon", "games", "news", "nobody"
GROUPS = {"coxad": TRAINER, "coxad-admin": ADMIN}

# The default policy of Debian's system bus.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><deny own="*"/><deny send_type="method_call"/>
<allow send_type="signal"/><allow send_requested_reply="true" send_type="method_return"/>
<allow send_requested_reply="true" send_type="error"/>
<allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="error"/>
<allow receive_type="signal"/>
<allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus"/></policy>
<policy user="{gym}"><allow own="org.bluez"/><allow send_destination="*"/></policy>
<policy user="{daemon}"><allow send_destination="org.bluez"/></policy>
{policy}
</busconfig>"""


class Failed(Exception):
    pass


def check(condition, what):
    if not condition:
        raise Failed(what)


def wait_for(what, condition, seconds=PATIENCE_S, every_s=0.05):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(every_s)
    raise Failed(f"waited {seconds} s for {what}")


def is_sanitized():
    with open(f"{BUILD}/coxad", "rb") as file:
        return b"__asan_init" in file.read()


def line_of(process):
    """The next line that it prints."""
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE_S)
    check(ready, f"waited {PATIENCE_S} s for a line of {process.args}")
    return process.stdout.readline()


def as_user(user):
    """The beginning of a command that a role runs."""
    if not IS_ROOT or user is None:
        return []
    return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--init-groups", "--"]


def shipped_policy():
    with open(os.path.join(TOP, "systemd/org.coxad.conf"), encoding="utf-8") as file:
        text = re.search(r"<busconfig>(.*)</busconfig>", file.read(), re.S).group(1)
    if not IS_ROOT:
        return f'<policy user="{os.getuid()}"><allow own="org.coxad"/><allow send_destination="org.coxad"/></policy>'
    for name, other in GROUPS.items():
        text = text.replace(f'group="{name}"', f'group="{other}"')
    return text.replace('user="coxad"', f'user="{DAEMON}"')


class Rig:
    def __init__(self):
        self.run = tempfile.mkdtemp()
        os.chmod(self.run, 0o711)
        self.address = f"unix:path={self.run}/bus"
        self.processes, self.logs = [], []
        self.bus = self.coxad = self.gym = None
        me = os.getuid()
        policy = shipped_policy()
        with open(self.path("bus.conf"), "w", encoding="utf-8") as file:
            file.write(BUS.format(path=self.path("bus"), gym=me, daemon=DAEMON if IS_ROOT else me, policy=policy))
        os.mkdir(self.path("state"))
        if IS_ROOT:
            shutil.chown(self.path("state"), DAEMON)

    def path(self, name):
        return os.path.join(self.run, name)

    def environment(self):
        return dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=self.address, STATE_DIRECTORY=self.path("state"),
                    COXAD_BLUETOOTH_CONF="/dev/null", NO_COLOR="")

    def start(self, name, command, user=None, **options):
        log = open(self.path(name + ".log"), "ab")
        self.logs.append(name + ".log")
        process = subprocess.Popen([*as_user(user), *command], env=self.environment(), stdout=options.get("stdout", log),
                                   stderr=log, stdin=options.get("stdin", subprocess.DEVNULL))
        self.processes.append(process)
        return process

    def start_bus(self):
        if os.path.exists(self.path("bus")):
            os.unlink(self.path("bus"))
        self.bus = self.start("bus", ["dbus-daemon", f"--config-file={self.path('bus.conf')}", "--nofork", "--nopidfile"])
        wait_for("the bus", lambda: os.path.exists(self.path("bus")))

    def start_coxad(self, *options, environment=None):
        variables = [f"{name}={value}" for name, value in (environment or {}).items()]
        self.coxad = self.start("coxad", ["env", *variables, f"{BUILD}/coxad", "--config", self.path("coxad.conf"), "--print", *options],
                                DAEMON, stdout=open(self.path("lines"), "ab"))

    def configure(self, script):
        command = [f"{BUILD}/coxa-gym", script, "--capture", "/dev/null", "--config", self.path("coxad.conf")]
        subprocess.run(command, check=True)
        os.chmod(self.path("coxad.conf"), 0o644)

    def start_gym(self, script):
        """The script's athlete, if it has one, goes on with further sets, for longer than any test takes."""
        longer = self.path("class.gym")
        with open(script, encoding="utf-8") as file, open(longer, "w", encoding="utf-8") as copy:
            text = file.read()
            copy.write(text + ("\tset 2\n" * 600 if "\ntimeline " in text else ""))
        return self.start("gym", [f"{BUILD}/coxa-gym", longer, "--bus", self.address])

    def start_box(self, script):
        """Sensors that nobody wears; lines for --control go to the path `fifo`."""
        return self.start("gym", [f"{BUILD}/coxa-gym", script, "--bus", self.address, "--control", self.path("fifo")])

    def ctl(self, *arguments, user=TRAINER, stdin=subprocess.DEVNULL, timeout=PATIENCE_S):
        """What coxactl did, as a subprocess.CompletedProcess."""
        return subprocess.run([*as_user(user), f"{BUILD}/coxactl", *arguments], env=self.environment(), text=True,
                              capture_output=True, stdin=stdin, timeout=timeout, check=False)

    def document(self, *arguments, user=TRAINER):
        done = self.ctl("--json", *arguments, user=user)
        check(done.returncode == 0, f"{arguments} ended with {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def run_as(self, user, command):
        return subprocess.run([*as_user(user), *command], text=True, capture_output=True, check=False, timeout=PATIENCE_S)

    def call(self, method, *arguments, user=TRAINER, interface="org.coxad.Gateway1", destination="org.coxad"):
        """By busctl: a program that is not ours."""
        return self.run_as(user, ["busctl", f"--address={self.address}", "--auto-start=no", "--json=short", "call", destination,
                                  "/org/coxad", interface, method, *arguments])

    def answer(self, method, *arguments):
        """The JSON text that a method of Gateway1 answers with."""
        done = self.call(method, *arguments)
        check(done.returncode == 0, f"{method}: {done}")
        return json.loads(json.loads(done.stdout)["data"][0])

    def unique_name(self):
        done = self.run_as(None, ["busctl", f"--address={self.address}", "call", "org.freedesktop.DBus",
                                  "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetNameOwner", "s", "org.coxad"])
        return done.stdout.split('"')[1]

    def wait_until_up(self):
        wait_for("coxad on the bus", lambda: self.ctl("status").returncode == 0)

    def memory_kib(self):
        """Of coxad: what is its own."""
        pid = self.coxad.pid
        with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
            return sum(int(line.split()[1]) for line in file if line.startswith("Private_"))

    def lines(self):
        with open(self.path("lines"), encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.endswith("\n")]

    def log(self, name):
        with open(self.path(name + ".log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def stop(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait()
        shutil.rmtree(self.run)

    def tell(self):
        for name in dict.fromkeys(self.logs):
            with open(self.path(name), encoding="utf-8", errors="replace") as file:
                print(f"--- {name}\n{file.read()[-3000:]}")


class Broker:
    """A mosquitto that keeps what it retains over a restart, and a subscriber that writes all down."""

    def __init__(self, rig):
        self.rig, self.port = rig, int(subprocess.check_output([f"{TOP}/tools/free-port"]))
        self.path, self.processes = rig.path("received"), []

    def start(self):
        conf = self.rig.path("mosquitto.conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write(f"user root\nallow_anonymous true\nlistener {self.port} 127.0.0.1\npersistence true\npersistence_location {self.rig.run}/\n")
        broker = self.rig.start("mosquitto", ["mosquitto", "-c", conf])
        command = ["mosquitto_sub", "-p", str(self.port), "-q", "1", "-t", "coxa/v1/#", "-F", '{"topic":"%t","retained":%r,"payload":%p}']
        wait_for("the broker", lambda: subprocess.run(["mosquitto_pub", "-p", str(self.port), "-t", "x", "-n"], check=False,
                                                      stderr=subprocess.DEVNULL).returncode == 0)
        self.processes = [broker, self.rig.start("mosquitto_sub", command, stdout=open(self.path, "wb"))]

    def stop(self):
        for process in self.processes:
            process.terminate()
            process.wait()

    def seen(self):
        with open(self.path, encoding="utf-8") as file:
            return [json.loads(line.replace('"payload":}', '"payload":null}')) for line in file if line.endswith("}\n")]


def main(test):
    rig = Rig()
    try:
        test(rig)
    except (Failed, subprocess.SubprocessError, OSError, ValueError, KeyError) as error:
        print(f"FAIL: {error!r}")
        rig.tell()
        return 1
    finally:
        rig.stop()
    return 0


if __name__ == "__main__":
    sys.exit("only for other tests")
