# SPDX-License-Identifier: MIT
"""A source tree and its build folder: files, rooms, functions. Paths are relative to the tree."""
import os
import re
from collections import namedtuple

FOLDERS = ["daemon", "gym", "ctl", "include", "tests", "tools", "conf", "systemd", "doc", "debian", ".ci", "dashboard"]
PRODUCT = ("daemon/", "gym/", "ctl/", "include/")
SOURCE = (".c", ".h")
UNREAD = (".deps", ".libs", "img", "__pycache__", "node_modules", "generated", "dist")

# name, line, parameters (texts), length (lines of the body; None: a declaration), comment above it
Function = namedtuple("Function", "name line parameters length comment")


class Tree:
    def __init__(self, top, build):
        self.top, self.build = top, build
        self.texts, self.objects = {}, None

    def path(self, relative):
        return os.path.join(self.top, relative)

    def exists(self, relative):
        return os.path.exists(self.path(relative))

    def text(self, relative):
        """None where it is not text."""
        if relative not in self.texts:
            try:
                with open(self.path(relative), encoding="utf-8") as file:
                    self.texts[relative] = file.read()
            except (UnicodeDecodeError, FileNotFoundError):
                self.texts[relative] = None
        return self.texts[relative]

    def lines(self, relative):
        return enumerate((self.text(relative) or "").split("\n"), 1)

    def files(self):
        for folder in FOLDERS:
            for base, folders, names in os.walk(self.path(folder)):
                folders[:] = sorted(f for f in folders if f not in UNREAD)
                for name in sorted(names):
                    path = os.path.relpath(os.path.join(base, name), self.top)
                    if self.text(path) is not None:
                        yield path
        for name in sorted(os.listdir(self.top)):
            if name in ("configure.ac", "Makefile.am", "autogen.sh") or name.endswith(".md"):
                yield name

    def sources(self, folders=PRODUCT):
        """C files."""
        return [path for path in self.files() if path.startswith(folders) and path.endswith(SOURCE)]


def room_of(path):
    """daemon/core/judge/alert.c: core/judge; include/coxad/base/vec.h: base; gym/gym.c: gym; ctl/out.c: ctl."""
    part = path.split("/")
    if part[0] in ("gym", "ctl"):
        return part[0]
    if part[0] == "daemon":
        part = part[1:-1]
    elif part[:2] == ["include", "coxad"]:
        part = part[2:-1]
    else:
        return None
    return "/".join(part[:2]) if part[0] == "core" else "/".join(part[:1])


def included(path, text):
    """(line, header as written) of each include by quotes."""
    for number, line in enumerate(text.split("\n"), 1):
        if found := re.match(r'\s*#\s*include\s+"([^"]+)"', line):
            yield number, found.group(1)


def file_of(header):
    """Where an included header lies: coxad/base/vec.h: include/coxad/base/vec.h."""
    return "include/" + header if header.startswith("coxad/") else header


def public_header(path):
    """daemon/base/vec.c: coxad/base/vec.h"""
    return "coxad/" + path[len("daemon/") : -1] + "h"


def own_headers(path):
    """Those that may declare what a .c exports: the public one and the private ones of its name."""
    public = [file_of(public_header(path))] if path.startswith("daemon/") else []
    return [*public, path[:-1] + "h", path[: -len(".c")] + "-private.h"]


def split_parameters(text):
    ret, depth, word = [], 0, ""
    for c in text + ",":
        depth += (c in "([{") - (c in ")]}")
        if c == "," and depth == 0:
            ret.append(word.strip())
            word = ""
        else:
            word += c
    return [] if ret in (["void"], [""]) else ret


def comment_above(lines, first):
    """The comment that ends in the line before lines[first]."""
    if first == 0 or not lines[first - 1].rstrip().endswith("*/"):
        return ""
    start = first - 1
    while start > 0 and "/*" not in lines[start]:
        start -= 1
    return " ".join(line.strip() for line in lines[start:first])


HEAD = re.compile(r"(\w+|\(\*\w+\))\s*(?=\()")


def head_of(text):
    """(name, parameters) of `static int *name(int a, int b)`; None where it is no function."""
    text = re.sub(r"__attribute__\s*\(\(.*?\)\)\)?", "", text)
    for found in HEAD.finditer(text):
        depth = 0
        for end in range(found.end(), len(text)):
            depth += (text[end] == "(") - (text[end] == ")")
            if depth == 0:
                break
        if text[end + 1 :].strip(" ;") == "":
            return found.group(1).strip("(*)"), split_parameters(text[found.end() + 1 : end])
    return None


def functions(text):
    """The functions that a C text defines. Its format is clang-format's: a body begins with { and
    ends with }, each alone in its line."""
    lines = text.split("\n")
    for opening, line in enumerate(lines):
        if line != "{":
            continue
        first = opening
        while first > 0 and lines[first - 1].strip() and not re.search(r"([;}]|\*/|^#.*)$", lines[first - 1]):
            first -= 1
        head = head_of(" ".join(part.strip() for part in lines[first:opening]))
        if head and "}" in lines[opening:]:
            closing = lines.index("}", opening)
            yield Function(*head_args(head, first), closing - opening - 1, comment_above(lines, first))


def head_args(head, first):
    return head[0], first + 1, head[1]


def declarations(text):
    """Functions and callbacks that a C text declares: what ends with `);`, however many lines."""
    lines = text.split("\n")
    for last, line in enumerate(lines):
        if not re.search(r"\)( __attribute__.*)?;$", line) or "#define" in line:
            continue
        first = last
        while first > 0 and lines[first - 1].strip() and not re.search(r"([;{}]|\*/|^#.*)$", lines[first - 1]):
            first -= 1
        words = " ".join(part.strip() for part in lines[first : last + 1])
        is_pointer = "(*" in words
        if (lines[first][:1].isspace() and not is_pointer) or "=" in words or words.startswith(("return", "/")):
            continue
        head = head_of(words)
        if head:
            yield Function(*head_args(head, first), None, comment_above(lines, first))
