# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += include/coxad/core/verdict/judge.h
libcoxad_pure_a_SOURCES += daemon/core/verdict/baseline.h daemon/core/verdict/baseline.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/classify.h daemon/core/verdict/classify.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/confidence.h daemon/core/verdict/confidence.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/cue.h daemon/core/verdict/cue.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/form-score.h daemon/core/verdict/form-score.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/kinematic.h daemon/core/verdict/kinematic.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/pattern.h daemon/core/verdict/pattern.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/posture-at.h daemon/core/verdict/posture-at.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/red-flag.h daemon/core/verdict/red-flag.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/trend.h daemon/core/verdict/trend.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/judge-state.h daemon/core/verdict/judge.c \
	daemon/core/verdict/judge-athletes.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/pop-facts.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/pop-life.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/judge-commands.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/pop-symptoms.h daemon/core/verdict/pop-symptoms.c
libcoxad_pure_a_SOURCES += daemon/core/verdict/pop-verdict.c
