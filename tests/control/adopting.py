# SPDX-License-Identifier: MIT
"""For tests of adoption: a box of sensors, a hand that shakes one, and what is left of it all."""
import errno
import os
import re
import select
import shutil
import subprocess

from rig import BUILD, DAEMON, IS_ROOT, PATIENCE_S, TOP, Failed, check, wait_for

SCRIPT = f"{TOP}/tests/control/adopt.gym"
os.environ["PATH"] = f"{BUILD}:{os.environ['PATH']}"
# As coxactl words the placements, in the order in which it asks.
SENSORS = {"PELVIS": "C0:A5:00:00:03:01", "LEFT THIGH": "C0:A5:00:00:03:02", "RIGHT THIGH": "C0:A5:00:00:03:03",
           "RIGHT HIP": "C0:A5:00:00:03:04"}


def write(rig, text):
    with open(rig.path("coxad.conf"), "w", encoding="utf-8") as file:
        file.write(f"[gateway]\nname = pi\nsite = test\n{text}")
    os.chmod(rig.path("coxad.conf"), 0o644)


def begin(rig, text="", script=SCRIPT):
    write(rig, text)
    os.mkdir(rig.path("runtime"))
    if IS_ROOT:
        shutil.chown(rig.path("runtime"), DAEMON)
    rig.start_bus()
    rig.gym = rig.start_box(script)
    start_coxad(rig)


def start_coxad(rig):
    """As systemd does, with a directory in memory."""
    rig.start_coxad(environment={"RUNTIME_DIRECTORY": rig.path("runtime")})
    rig.wait_until_up()


def order(rig, line):
    def opened():
        try:
            return os.open(rig.path("fifo"), os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            check(error.errno in (errno.ENOENT, errno.ENXIO), error)
            return None
    fifo = wait_for("the gym to take orders", opened)
    os.write(fifo, f"{line}\n".encode())
    os.close(fifo)


def shake(rig, address, seconds):
    order(rig, f"shake {address} {seconds}")


def words(rig, *arguments):
    return [f"{BUILD}/coxactl", "--config", rig.path("coxad.conf"), *arguments]


def run(rig, *arguments):
    """As root, or as whoever runs the test: it writes the configuration."""
    return subprocess.run(words(rig, *arguments), env=rig.environment(), text=True, capture_output=True, timeout=180, check=False)


def start(rig, *arguments):
    return rig.start("adopt", words(rig, *arguments), stdout=subprocess.PIPE)


def lines_of(process):
    """What it prints until it ends. coxactl itself gives up after two minutes of searching and one of proving."""
    text = b""
    while True:
        check(select.select([process.stdout], [], [], 3 * PATIENCE_S)[0], f"{process.args} hangs")
        more = os.read(process.stdout.fileno(), 4096)
        if not more:
            break
        *lines, text = (text + more).split(b"\n")
        yield from (line.decode() for line in lines)
    check(not text, f"an unfinished line: {text}")


def bluez(rig):
    """{address: (connected, paired)} of bluetoothd; what it has forgotten is neither."""
    found = {}
    # As text: busctl does not write the data of advertisements as JSON.
    done = rig.run_as(None, ["busctl", f"--address={rig.address}", "call", "org.bluez", "/", "org.freedesktop.DBus.ObjectManager",
                             "GetManagedObjects"])
    check(done.returncode == 0, f"bluetoothd: {done}")
    for address in SENSORS.values():
        device = re.search(f'/dev_{address.replace(":", "_")}" [0-9]+ (.*?)("/org/bluez/hci0/|$)', done.stdout)
        found[address] = tuple(device is not None and f'"{name}" b true' in device[1] for name in ("Connected", "Paired"))
    return found


def wait_for_bluez(rig, what, condition):
    """Each look starts a program, so not too often. For a moment there may be no bluetoothd."""
    def is_so():
        try:
            return condition(bluez(rig))
        except Failed:
            return False
    wait_for(what, is_so, every_s=0.2)


def connected(state):
    return {address for address, (is_connected, _) in state.items() if is_connected}


def wait_until_nothing_is_left(rig, adopted):
    """No connection and no bond but those of wearables that were adopted, and no file but theirs."""
    wait_for_bluez(rig, "what was on trial to be let go",
                   lambda state: all(address in adopted or one == (False, False) for address, one in state.items()))
    folder = rig.path("coxad.conf.d")
    files = os.listdir(folder) if os.path.isdir(folder) else []
    check(files == (["50-adopted.conf"] if adopted else []), f"left behind: {files}")
    check(subprocess.run([f"{BUILD}/coxad", "--check-config", "--config", rig.path("coxad.conf")], check=False,
                         capture_output=True).returncode == 0, "the configuration has errors")
