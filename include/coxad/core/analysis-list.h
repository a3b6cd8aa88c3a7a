// SPDX-License-Identifier: MIT
/* Each threshold of the decision model: one row, included with X defined. No include guard.
 * X(name, default, minimum, maximum, unit, "what it is, and where the default comes from")
 * The key in [analysis] is the name with - for _. Unit "" for pure numbers. The config reader,
 * --print-config, the man page and struct analysis_conf all come from here.
 */
/* posture (domain.md 7.1) */
X(loss_tilt_share, 0.45, 0.1, 2, "of S", "pelvic tilt, as a share of the span S, at which the flat back counts as lost (7.1, 7.5 F1)")
X(control_angle_default, 40, 0, 90, "deg", "control angle before it is known (7.1; near the female mean of Krause 2005)")
/* form score (7.5) */
/* red flags (7.6) */
/* trends (7.9) */
