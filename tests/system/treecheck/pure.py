# SPDX-License-Identifier: MIT
"""The pure core, as the linker sees it: no call to the outside, no data that can change."""
import os
import re

from .symbols import INSTRUMENTED, run

LIBRARY = "libcoxad-pure.a"
# Functions of the pure library's outside: memory, text, numbers, and three libraries. Nothing that
# opens, waits, looks at a clock or at the environment.
ALLOWED = re.compile(
    r"""^(
    abort|calloc|malloc|realloc|reallocarray|free|qsort|bsearch|abs|
    mem(cpy|move|set|cmp|chr|mem|rchr)|
    str(n?len|n?cmp|n?casecmp|n?cpy|n?cat|r?chr|spn|cspn|pbrk|str|dup|ndup|chrnul|tod|tof|tol|toul|toll|toull)|
    stpcpy|isoc23_strto[a-z]+|__isoc23_strto[a-z]+|atoi|
    v?(as|s|sn)printf|__(v?s?n?printf|vasprintf|asprintf|mem[a-z]+|str[a-z]+|stpcpy)_chk|
    (a?(sin|cos|tan)h?|atan2|sqrt|cbrt|exp2?|expm1|log(2|10|1p|b)?|pow|fabs|floor|ceil|l?l?round|l?l?rint|nearbyint|
      trunc|fmod|remainder|fmin|fmax|hypot|ldexp|frexp|scalbn|copysign|erfc?|[lt]gamma|nan|modf|sincos)f?|
    __(isnan|isinf|finite)f?|__fpclassify|__signbit|__errno_location|__ctype_b_loc|__ctype_tolower_loc|__ctype_toupper_loc|
    tolower|toupper|inet_pton|
    __assert_fail|__stack_chk_fail|__stack_chk_guard|__fortify_fail|_GLOBAL_OFFSET_TABLE_|__aeabi_\w+|__[a-z]*(div|mod|mul)[a-z]*[0-9]|__(popcount|ctz|clz|float|fix)[a-z]+[0-9]?|
    json_\w+|jsonp_\w+|ini_parse_stream|kiss_fftr?\w*
    )$""",
    re.X,
)



def symbols_of(library):
    """({symbol needed: member}, symbols defined)"""
    needed, defined, member = {}, set(), ""
    for line in run(os.environ.get("NM", "nm"), library).split("\n"):
        if line.endswith(":"):
            member = line[:-1]
        part = line.split()
        if len(part) == 2 and part[0] in "Uw":
            needed.setdefault(part[1].split("@")[0], member)
        elif len(part) == 3:
            defined.add(part[2])
    return needed, defined


def skipped(tree):
    library = os.path.join(tree.build, LIBRARY)
    if not os.path.exists(library):
        return f"the pure core: no {library}"
    if any(INSTRUMENTED.match(name) for name in symbols_of(library)[0]):
        return "the pure core: an instrumented build"
    return None


def check_pure(tree):
    if skipped(tree):
        return
    library = os.path.join(tree.build, LIBRARY)
    needed, defined = symbols_of(library)
    for line in run(os.environ.get("SIZE", "size"), "-A", library).split("\n"):
        part = line.split()
        if "(ex " in line:
            member = part[0]
        # .data.rel.ro is constant once its pointers are set.
        elif len(part) == 3 and re.fullmatch(r"\.t?(data|bss)(\.(?!rel\.ro).*)?", part[0]) and part[1] != "0":
            yield LIBRARY, 0, f"{member}: {part[1]} bytes of {part[0]}: data that can change"
    for name in sorted(set(needed) - defined):
        if not ALLOWED.match(name):
            yield LIBRARY, 0, f"{needed[name]} needs {name}: not for pure code"
