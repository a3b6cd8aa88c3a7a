# SPDX-License-Identifier: MIT
"""Names of what files export, names of headers, and the order of includes."""
import os
import re

from .symbols import objects_of
from .tree import declarations, file_of, included, own_headers

LIBRARIES = ("dbus_", "json_", "sqlite3_", "sd_", "MQTTAsync_", "ini_", "kiss_")


def prefix_of(path):
    return os.path.basename(path)[: -len(".c")].replace("-", "_")


def is_named(path, symbol):
    prefix = prefix_of(path)
    return symbol == prefix or symbol.startswith(prefix + "_")


def is_word_of_enum(tree, path, symbol):
    """side_to_string: of an enum that a header of its own declares."""
    found = re.fullmatch(r"(\w+)_(?:to|from)_string", symbol)
    return bool(found) and any(
        re.search(rf"\b{found.group(1)}\b", tree.text(header) or "") for header in own_headers(path)
    )


def is_descriptor(path, symbol):
    """A driver's: declared by the list of all drivers."""
    return path.startswith("daemon/drivers/drv-") and symbol == prefix_of(path)


def check_symbols(tree):
    """An exported name begins with the name of its file. The words of an enum begin with the enum's."""
    for path, symbols in sorted(objects_of(tree).exports.items()):
        libraries = sorted(symbol for symbol in symbols if symbol.startswith(LIBRARIES))
        others = sorted(s for s in symbols - {"main"} if not is_named(path, s) and not is_word_of_enum(tree, path, s))
        if libraries:
            yield path, 0, f"exports {' '.join(libraries)}: the prefix is a library's"
        if others:
            yield path, 0, f"exports {' '.join(others)}: name it {prefix_of(path)}_..."


def check_declared(tree):
    """What a file exports is declared in a header of its name."""
    for path, symbols in sorted(objects_of(tree).exports.items()):
        text = "".join(tree.text(header) or "" for header in own_headers(path))
        missing = [
            symbol
            for symbol in sorted(symbols - {"main"})
            if not re.search(rf"\b{symbol}\b", text)
            and not is_word_of_enum(tree, path, symbol)
            and not is_descriptor(path, symbol)
        ]
        if missing:
            yield path, 0, f"exports {' '.join(missing)}: no header of its name declares it"


def words_of(tree, paths):
    """{word: the files that have it}"""
    ret = {}
    for path in paths:
        for word in set(re.findall(r"\w+", tree.text(path))):
            ret.setdefault(word, set()).add(path)
    return ret


def is_in_macro(tree, path, symbol):
    """A header of its own uses what it declares, so whoever uses the macro needs it."""
    return any(len(re.findall(rf"\b{symbol}\b", tree.text(header) or "")) > 1 for header in own_headers(path))


def check_needed(tree):
    """What a file exports, another file of the tree names; if none does, it is static or dead. The words
    of an enum are made in pairs, of which one may be idle."""
    words = words_of(tree, (p for p in tree.sources(("daemon/", "gym/", "ctl/", "tests/", "tools/")) if p.endswith(".c")))
    for path, symbols in sorted(objects_of(tree).exports.items()):
        alone = [
            symbol
            for symbol in sorted(symbols - {"main"})
            if not words.get(symbol, set()) - {path}
            and not is_word_of_enum(tree, path, symbol)
            and not is_descriptor(path, symbol)
            and not is_in_macro(tree, path, symbol)
        ]
        if alone:
            yield path, 0, f"exports {' '.join(alone)}, which no other file needs"


def check_headers(tree):
    """A private header is that of the .c of its name, or holds types and inline functions alone, or
    says that several files share it."""
    for path in tree.sources(("daemon/", "gym/", "ctl/")):
        if path.endswith(".h") and not path.endswith("-private.h") and not tree.exists(path[:-1] + "c"):
            declared = [d.name for d in declarations(tree.text(path)) if f"(*{d.name})" not in tree.text(path)]
            if declared:
                yield path, 0, f"declares {' '.join(declared)} and has no .c of its name: name it ...-private.h"


FIRST_INCLUDE = re.compile(r"^\s*#\s*include\s+(\S+)", re.M)


def is_declaring(text, path):
    """A private header may have only what several files share."""
    return bool(re.search(rf"\b{prefix_of(path)}\w*\(", text))


def check_includes(tree):
    for path in tree.sources():
        headers = list(included(path, tree.text(path)))
        names = [header for _, header in headers]
        for number, header in headers:
            if header != "config.h" and not tree.exists(file_of(header)):
                yield path, number, f"includes {header}: write its path from the top of the tree"
        if "config.h" in names and not FIRST_INCLUDE.search(tree.text(path)).group(1) == '"config.h"':
            yield path, headers[names.index("config.h")][0], "config.h comes first"
        if path.endswith(".c"):
            own = [h for h in own_headers(path) if tree.exists(h) and is_declaring(tree.text(h), path)]
            rest = [file_of(name) for name in names if name != "config.h"]
            if own and not set(rest[:1]) & set(own):
                yield path, 1, f"its own header comes first: {own[0]}"
