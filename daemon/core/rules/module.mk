# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += daemon/core/rules/activity.h daemon/core/rules/activity.c
libcoxad_pure_a_SOURCES += daemon/core/rules/baseline.h daemon/core/rules/baseline.c
libcoxad_pure_a_SOURCES += daemon/core/rules/classify.h daemon/core/rules/classify.c
libcoxad_pure_a_SOURCES += daemon/core/rules/confidence.h daemon/core/rules/confidence.c
libcoxad_pure_a_SOURCES += daemon/core/rules/cue.h daemon/core/rules/cue.c
libcoxad_pure_a_SOURCES += daemon/core/rules/form-score.h daemon/core/rules/form-score.c
libcoxad_pure_a_SOURCES += daemon/core/rules/kinematic.h daemon/core/rules/kinematic.c
libcoxad_pure_a_SOURCES += daemon/core/rules/pattern.h daemon/core/rules/pattern.c
libcoxad_pure_a_SOURCES += daemon/core/rules/pop-note.h daemon/core/rules/pop-note.c
libcoxad_pure_a_SOURCES += daemon/core/rules/posture-at.h daemon/core/rules/posture-at.c
libcoxad_pure_a_SOURCES += daemon/core/rules/red-flag.h daemon/core/rules/red-flag.c
libcoxad_pure_a_SOURCES += daemon/core/rules/trend.h daemon/core/rules/trend.c
