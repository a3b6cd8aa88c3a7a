# SPDX-License-Identifier: MIT
"""How long files and functions are, and how many parameters a function takes."""
from .tree import declarations, functions

FILE_LINES = 500
CODE = (".c", ".h", ".py", ".ts", ".tsx", ".mjs", ".css")
MEDIAN, P90, LONGEST = 10, 25, 60
PARAMETERS = 5


def check_files(tree):
    for path in tree.files():
        if not path.endswith(CODE):
            continue
        count = tree.text(path).count("\n")
        if count > FILE_LINES:
            yield path, 0, f"{count} lines; a file has at most {FILE_LINES}"


def check_functions(tree):
    lengths = []
    for path in tree.sources():
        for function in functions(tree.text(path)):
            lengths.append(function.length)
            if function.length > LONGEST:
                yield path, function.line, f"{function.name}: {function.length} lines; a function has at most {LONGEST}"
    lengths.sort()
    for name, share, limit in (("the median", 0.5, MEDIAN), ("the 90th percentile", 0.9, P90)):
        value = lengths[int(len(lengths) * share)] if lengths else 0
        if value > limit:
            yield "daemon", 0, f"{name} of a function's lines is {value}; at most {limit}"


def check_parameters(tree):
    """The reason may stand above the definition or above the declaration."""
    reasoned, many = set(), {}
    for path in tree.sources():
        text = tree.text(path)
        for function in [*functions(text), *declarations(text)]:
            if len(function.parameters) <= PARAMETERS:
                continue
            many.setdefault(function.name, (path, function))
            if "parameters" in function.comment.lower():
                reasoned.add(function.name)
    for name in sorted(set(many) - reasoned):
        path, function = many[name]
        yield path, function.line, (
            f"{name} has {len(function.parameters)} parameters, more than {PARAMETERS}: pass a struct, "
            'or give the reason in the comment above it ("Six parameters: ...")'
        )
