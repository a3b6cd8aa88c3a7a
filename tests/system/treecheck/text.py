# SPDX-License-Identifier: MIT
"""Licence lines, include guards, makefiles, and words that may not occur."""
import os
import re

# Names of conditions: what coxad says describes what was seen and felt.
CONDITIONS = re.compile(
    r"sciatic|herni|labral|labrum|arthriti|arthrosis|impingement|tendin(itis|opathy)|bursiti|stenosis|spondyl|"
    r"radiculopath|cauda equina|fractur|malignan|tumou?r|infection|syndrome|dysplasia|slipped disc|pinched nerve|"
    r"snapping hip|sprain",
    re.I,
)
# Nor does it claim to know what is wrong with somebody (decision-model.md 3).
CLAIMS = re.compile(r"(?<!does not )diagnos|\binjur(y|ies|ed)\b|probability of|\bpathologic|\bdisease|\bat risk of", re.I)
PRIVATE = re.compile(r"(?<![\w/.])/(work|home/[a-z]+)/|/tmp/wt\b")

PRODUCT = ("daemon/", "gym/", "ctl/", "include/", "conf/", "doc/", "tools/", "dashboard/", "README.md")
SOURCE = (".c", ".h", ".mk", ".ac", ".am", ".sh", ".py", ".1", ".5", ".8", ".conf", ".service", ".supp", ".ts", ".tsx", ".mjs", ".css")
BUILT = (".o", ".log", ".trs", ".pyc")


def is_source(path, text):
    if "/corpus/" in path or path.endswith(BUILT):
        return False
    return path.endswith(SOURCE) or text.startswith("#!")


def check_licences(tree):
    for path in tree.files():
        text = tree.text(path)
        if text and is_source(path, text) and "SPDX-License-Identifier: MIT" not in "\n".join(text.split("\n")[:3]):
            yield path, 1, "no SPDX line"


def check_guards(tree):
    for path in tree.sources():
        text = tree.text(path)
        if path.endswith(".h") and "#pragma once" not in text and "No include guard" not in text:
            yield path, 0, "no #pragma once"


def check_listed(tree):
    """A source that no makefile names would be missing from a release."""
    listed = "".join(tree.text(path) for path in tree.files() if path.endswith((".mk", ".am")))
    for path in tree.sources():
        if not re.search(rf"(?<![\w/-]){re.escape(path)}(?![\w-])", listed):
            yield path, 0, "in no module.mk"


def check_words(tree):
    for path in tree.files():
        if path.startswith(os.path.join("tests", "system", "treecheck")):
            continue
        for number, line in tree.lines(path):
            if PRIVATE.search(line):
                yield path, number, "a path of one machine"
            if path.startswith(PRODUCT) and CONDITIONS.search(line):
                yield path, number, f"names a condition: {CONDITIONS.search(line).group(0)}"
            if path.startswith(PRODUCT) and CLAIMS.search(line):
                yield path, number, f"claims to know a condition: {CLAIMS.search(line).group(0)}"
