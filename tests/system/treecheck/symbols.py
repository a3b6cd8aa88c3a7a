# SPDX-License-Identifier: MIT
"""What the objects of a build say: who needs whom, what is exported, what the pure core asks for."""
import os
import re
import subprocess

from .rooms import objection
from .tree import file_of, public_header

# Compiled by tests alone.
NO_OBJECT = ("daemon/drivers/drv-template.c",)
INSTRUMENTED = re.compile(r"__(asan|ubsan|tsan|sanitizer|msan|gcov|llvm)_")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def nm(paths):
    """{object: (symbols needed, symbols exported)}"""
    ret = {path: (set(), set()) for path in paths}
    for line in run(os.environ.get("NM", "nm"), "-A", *paths).split("\n") if paths else ():
        path, _, rest = line.partition(":")
        part = rest.split()
        if len(part) == 2 and part[0] in "Uw":
            ret[path][0].add(part[1].split("@")[0])
        elif len(part) == 3 and part[1] in "TDRBVWC" and not part[2].startswith("__"):
            ret[path][1].add(part[2])
    return ret


def source_of(tree, folder, name):
    """daemon/flow, libcoxad_pure_a-link-steps.o: daemon/flow/link-steps.c, if that is in the tree."""
    stem = name[: -len(".o")]
    while True:
        if tree.exists(os.path.join(folder, stem + ".c")):
            return os.path.join(folder, stem + ".c")
        if "-" not in stem:
            return None
        stem = stem.split("-", 1)[1]


class Objects:
    """The objects of daemon/, gym/ and ctl/, by their source. An object whose source has moved is passed over."""

    def __init__(self, tree):
        objects = {}
        for room in ("daemon", "gym", "ctl"):
            for base, _, names in os.walk(os.path.join(tree.build, room)):
                for name in sorted(names):
                    source = name.endswith(".o") and source_of(tree, os.path.relpath(base, tree.build), name)
                    if source:
                        objects[source] = os.path.join(base, name)
        symbols = nm(objects.values())
        self.needs = {source: symbols[path][0] for source, path in objects.items()}
        self.exports = {source: symbols[path][1] for source, path in objects.items()}
        self.owner = {symbol: path for path, known in self.exports.items() for symbol in known if symbol != "main"}

    def ties(self, path):
        """{file needed: its symbols}"""
        ret = {}
        for symbol in self.needs[path]:
            other = self.owner.get(symbol)
            if other and other != path:
                ret.setdefault(other, set()).add(symbol)
        return ret


def objects_of(tree):
    """Read once."""
    tree.objects = tree.objects or Objects(tree)
    return tree.objects


def skipped(tree):
    return None if objects_of(tree).needs else f"calls and names: no objects in {tree.build}"


def check_objects(tree):
    """A source without an object would be passed over by the rules below."""
    objects = objects_of(tree)
    for path in tree.sources(("daemon/", "gym/", "ctl/")):
        if objects.needs and path.endswith(".c") and path not in (*objects.needs, *NO_OBJECT):
            yield path, 0, "no object: is it in the build?"


def cycles(graph):
    """The strongly connected components of more than one node (Tarjan); graph: {node: nodes}."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            at = stack.index(node)
            component = stack[at:]
            del stack[at:]
            if len(component) > 1:
                found.append(sorted(component))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def check_cycles(tree):
    objects = objects_of(tree)
    graph = {path: objects.ties(path) for path in objects.needs}
    for component in cycles(graph):
        ties = [
            f"\n    {a} -> {b}: {' '.join(sorted(graph[a][b]))}"
            for a in component
            for b in sorted(set(graph[a]) & set(component))
        ]
        yield component[0], 0, f"{len(component)} files need each other:{''.join(ties)}"


def check_calls(tree):
    """As rooms.check_includes, of what is called: a declaration of one's own hides no call."""
    objects = objects_of(tree)
    for path in sorted(objects.needs):
        for other, symbols in sorted(objects.ties(path).items()):
            public = public_header(other) if other.startswith("daemon/") else other
            why = objection(path, public if tree.exists(file_of(public)) else other)
            if why:
                yield path, 0, f"calls {' '.join(sorted(symbols))} of {why}"
