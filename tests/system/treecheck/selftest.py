# SPDX-License-Identifier: MIT
"""Every rule is broken once, in a small tree of its own, and has to notice: a check that finds
nothing in what is wrong would never fail. And a tree that keeps the rules has no fault."""
import os
import re
import subprocess
import tempfile

from . import formatting, pure
from .tree import Tree

LICENCE = "/* SPDX-License-Identifier: MIT */\n"
HEADER = LICENCE + "#pragma once\n"
FILLER = "".join(f"\tx += {n};\n" for n in range(61))
UNBUILT = LICENCE + "/* Not compiled by plant(). */\n"
LOUD = "a fractur" + "e"

GOOD = {
    "include/coxad/base/low.h": HEADER + "enum tone { TONE_LOW };\nint low(void);\nconst char *tone_to_string(enum tone tone);\n",
    "daemon/base/low.c": LICENCE + '#include "coxad/base/low.h"\n\nint low(void)\n{\n\treturn 1;\n}\n\n'
    'const char *tone_to_string(enum tone tone)\n{\n\treturn "low";\n}\n',
    "daemon/flow/high-private.h": HEADER + "int high_twice(void);\n",
    "daemon/flow/high.c": LICENCE + '#include "daemon/flow/high-private.h"\n#include "coxad/base/low.h"\n\n'
    "int high_twice(void)\n{\n\treturn 2 * low();\n}\n",
    "tests/flow/test-high.c": LICENCE + "int main(void)\n{\n\treturn !high_twice();\n}\n",
    "daemon/module.mk": "# SPDX-License-Identifier: MIT\nx = include/coxad/base/low.h daemon/base/low.c "
    "daemon/flow/high-private.h daemon/flow/high.c\n",
}


def calls(name, other, header="", room="flow"):
    """A file that exports NAME and needs OTHER."""
    return {
        f"daemon/{room}/{name}.c": LICENCE + header + f"int {other}(void);\nint {name}(void);\n\n"
        f"int {name}(void)\n{{\n\treturn {other}();\n}}\n"
    }


# rule: trees that break it, each what is added to GOOD
BAD = {
    "licence": [{"tools/x.py": "import os\n"}],
    "guard": [{"daemon/flow/high-private.h": LICENCE + "int high_twice(void);\n"}],
    "listed": [{"daemon/flow/new.c": LICENCE}],
    "words": [{"doc/x.md": "in /ho" + "me/tom/x\n"}, {"doc/x.md": LOUD}, {"README.md": "a diag" + "nosis"}],
    "rooms": [
        {path: LICENCE + f'#include "{header}"\n'}
        for path, header in (
            ("daemon/core/x.c", "coxad/wire/message.h"),
            ("daemon/core/x.c", "coxad/core/time/timeline.h"),
            ("daemon/core/rules/x.c", "coxad/core/judge/judge.h"),
            ("daemon/core/pop/x.c", "daemon/core/posture/frame-ring.h"),
            ("daemon/base/x.c", "coxad/core/terms.h"),
            ("daemon/flow/x.c", "coxad/mqtt/sink-mqtt.h"),
            ("daemon/flow/x.c", "coxad/attic/box.h"),
            ("daemon/flow/x.c", "gym/gym.h"),
            ("daemon/flow/x.c", "tests/flow/link-world.h"),
            ("daemon/loop/x.c", "coxad/store/recorder.h"),
            ("daemon/store/x.c", "coxad/mqtt/sink-lines.h"),
            ("daemon/main/x.c", "daemon/wire/topic.h"),
            ("daemon/outbox/x.c", "coxad/wire/command.h"),
            ("gym/x.c", "coxad/flow/link.h"),
            ("gym/x.c", "daemon/bluez/bluez-bus.h"),
            ("ctl/x.c", "coxad/control/control.h"),
            ("ctl/x.c", "gym/gym.h"),
            ("daemon/control/x.c", "coxad/mqtt/sink-mqtt.h"),
        )
    ],
    "calls": [calls("low_user", "high_twice", room="base"), calls("main_user", "high_twice", room="main")],
    "cycle": [
        calls("a", "b") | calls("b", "a"),
        calls("a", "b") | calls("b", "c", room="core") | calls("c", "a", room="loop"),
    ],
    "objects": [{"gym/spare.c": UNBUILT}],
    "pure": [
        calls("wait", "usleep"),
        *({"daemon/flow/x.c": f"int {name}(void);\nint x(void)\n{{\n\treturn {name}();\n}}\n"} for name in ("open", "rand", "getenv")),
        {"daemon/flow/x.c": "static int count;\nint x(void)\n{\n\treturn count++;\n}\n"},
    ],
    "file-size": [
        {path: LICENCE + "\n" * 500} for path in ("daemon/flow/high.c", "dashboard/src/x.ts", "tests/flow/test-high.c", "tools/x.py")
    ],
    "function-size": [
        {"daemon/flow/high.c": f"int high_twice(void)\n{{\n\tint x = 0;\n{FILLER}\treturn x;\n}}\n"},
        {"gym/x.c": "".join(f"int f{n}(void)\n{{\n{chr(10) * 11}}}\n\n" for n in range(9))},
    ],
    "parameters": [
        {"daemon/flow/high.c": "static int sum(int a, int b, int c,\n\tint d, int e, int f)\n{\n\treturn 0;\n}\n"},
        {"daemon/flow/high-private.h": "struct ops {\n\tint (*sum)(int a, int b, int c, int d, int e, int (*f)(int, int));\n};\n"},
    ],
    "symbol": [calls("high_other", "low") | {"daemon/flow/high.c": "int low_one(void)\n{\n\treturn 1;\n}\n"},
               {"daemon/flow/high.c": "int mood_to_string(void)\n{\n\treturn 1;\n}\n"},
               {"daemon/bluez/dbus-x.c": "int dbus_x(void)\n{\n\treturn 1;\n}\n"}],
    "declared": [{"daemon/flow/high-private.h": HEADER}],
    "needed": [calls("alone", "low"), {"tests/flow/test-high.c": LICENCE}],
    "header": [{"daemon/flow/spare.h": HEADER + "int spare(void);\n"}],
    "include": [
        {"daemon/flow/high.c": '#include "high-private.h"\n'},
        {"daemon/flow/high.c": '#include "daemon/flow/high-private.h"\n#include "config.h"\n'},
        {"daemon/flow/high.c": '#include <stdio.h>\n#include "config.h"\n#include "daemon/flow/high-private.h"\n'},
        {"daemon/flow/high.c": '#include "coxad/base/low.h"\n#include "daemon/flow/high-private.h"\n'},
    ],
    "format": [{"daemon/flow/high.c": "int  x;\n"}],
}


def compiler_of(build):
    try:
        with open(os.path.join(build, "Makefile"), encoding="utf-8") as file:
            return re.search(r"^CC = (.*)$", file.read(), re.M).group(1).split()
    except (OSError, AttributeError):
        return ["cc"]


compiled = {}


def compile_once(folder, path, text, compiler):
    """The object of a C file; most are the same in every tree."""
    if (path, text) not in compiled:
        made = os.path.join(folder, "made.o")
        command = [*compiler, "-w", "-fno-builtin", f"-I{folder}/include", f"-I{folder}", "-c", "-o", made]
        subprocess.run([*command, os.path.join(folder, path)], check=True)
        with open(made, "rb") as file:
            compiled[path, text] = file.read()
    return compiled[path, text]


def plant(folder, files, compiler):
    """A tree with these files and the objects of its C files."""
    build = os.path.join(folder, "build")
    objects = []
    for path, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(folder, path)) or folder, exist_ok=True)
        with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
            file.write(text)
    for path, text in files.items() if compiler else ():
        if path.endswith(".c") and text != UNBUILT:
            objects.append(os.path.join(build, path[:-1] + "o"))
            os.makedirs(os.path.dirname(objects[-1]), exist_ok=True)
            with open(objects[-1], "wb") as file:
                file.write(compile_once(folder, path, text, compiler))
    if compiler:
        subprocess.run(["ar", "cr", os.path.join(build, pure.LIBRARY), *objects], check=True)
    return Tree(folder, build)


def faults_of(check, files, compiler):
    with tempfile.TemporaryDirectory() as folder:
        return list(check(plant(folder, files, compiler)))


def run(rules, build):
    compiler = compiler_of(build)
    for rule, check in rules.items():
        if rule == "format" and not formatting.find():
            continue
        needs = compiler if rule in ("calls", "cycle", "objects", "pure", "symbol", "declared", "needed") else None
        found = faults_of(check, GOOD, needs)
        if found:
            raise SystemExit(f"check-tree: {rule} finds fault with what is right: {found}")
        for files in BAD[rule]:
            if not faults_of(check, GOOD | files, needs):
                raise SystemExit(f"check-tree: {rule} did not notice {files}")
