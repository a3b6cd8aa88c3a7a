# SPDX-License-Identifier: MIT
"""The text about a set: each movement, counted or not, and why not."""
from .evidence import S
from .report import clean, number


def athlete_of(evidence, a_set):
    who = evidence.session_at(a_set.kit_name, a_set.to_us).get("athlete")
    return clean(who) if who else "no athlete"


def since(evidence, t_us):
    """Seconds into the capture."""
    return (t_us - evidence.start_us) / S


def title(evidence, a_set, where):
    """Two lines, for the text and above the picture."""
    first = (f"{athlete_of(evidence, a_set)}: set {where}: {len(a_set.counted)} counted, "
             f"{len(a_set.refused)} not")
    how = "calibrated, angles above the floor" if a_set.is_calibrated() else \
        "not calibrated, angles from the leg's own movement"
    second = (f"kit {clean(a_set.kit_name)}; {how}; {since(evidence, a_set.from_us):.1f} to "
              f"{since(evidence, a_set.to_us):.1f} s into the capture")
    return first, second


def kinds(movement):
    return [k.replace("_amplitude", "") for k in movement.rep["kind"]] if movement.rep else []


def whole(degrees):
    return number(round(degrees) + 0.0, "", 0)


def row(evidence, m):
    angles = f"{whole(m.low_deg)} to {whole(m.high_deg)}°"
    head = (f"{m.name:>4}  {since(evidence, m.from_us):>7.1f}  {since(evidence, m.to_us):>7.1f}  "
            f"{m.side:<5}  {angles:<12}  ")
    if m.why:
        return head + "did not count: " + clean(m.why)
    if not m.rep:
        return head + "counted"
    parts = "".join(f"{m.rep[k] / 1000:>5.1f}  " for k in ("raise_ms", "top_ms", "lower_ms"))
    return f"{head}{m.rep['range_deg']:>4.0f}°  {parts}{', '.join(kinds(m))}".rstrip()


def text(evidence, a_set, where, picture):
    lines = list(title(evidence, a_set, where)) + [
        "", "   N   from s     to s  leg    angle         range  raise   top  lower  kind"]
    lines += [row(evidence, m) for m in a_set.movements]
    for begin, end, leg in others(a_set):
        lines.append(f"      {since(evidence, begin):>7.1f}  {since(evidence, end):>7.1f}  {leg:<5}"
                     "  another movement of the body: nothing counts meanwhile")
    if picture:
        lines += ["", f"picture: {clean(picture)}"]
    return "\n".join(lines + [""])


def others(a_set, around_us=0):
    return [o for o in a_set.kit.others
            if o[1] > a_set.from_us - around_us and o[0] < a_set.to_us + around_us]
