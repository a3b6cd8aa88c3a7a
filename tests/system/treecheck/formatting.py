# SPDX-License-Identifier: MIT
"""C is formatted by clang-format, as .clang-format says."""
import os
import re
import shutil
import subprocess

# Another version would format other lines.
VERSION = 14
STYLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", ".clang-format")


def find():
    """The program, or None where that version is not installed."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        if shutil.which(name):
            said = subprocess.run([name, "--version"], check=True, capture_output=True, text=True).stdout
            if re.search(rf"\bversion {VERSION}\.", said):
                return name
    return None


def skipped(tree):
    return None if find() else f"format: no clang-format {VERSION}"


def check_format(tree):
    program = find()
    paths = tree.sources(("daemon/", "gym/", "ctl/", "include/", "tests/"))
    if not program or not paths:
        return
    said = subprocess.run(
        [program, "--dry-run", f"--style=file:{STYLE}", *paths], cwd=tree.top, check=False, capture_output=True, text=True
    ).stderr
    seen = set()
    for path, line in re.findall(r"^(\S+?):(\d+):\d+: .*clang-format-violations", said, re.M):
        if path not in seen:
            seen.add(path)
            yield path, int(line), "not formatted: clang-format -i"
