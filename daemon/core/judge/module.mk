# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += daemon/core/judge/alert.c
libcoxad_pure_a_SOURCES += daemon/core/judge/athlete.h daemon/core/judge/athlete.c
libcoxad_pure_a_SOURCES += include/coxad/core/judge/judge.h daemon/core/judge/judge.c
libcoxad_pure_a_SOURCES += daemon/core/judge/judge-athletes.c
libcoxad_pure_a_SOURCES += daemon/core/judge/judge-commands.c
libcoxad_pure_a_SOURCES += daemon/core/judge/judge-output.h daemon/core/judge/judge-output.c
libcoxad_pure_a_SOURCES += daemon/core/judge/judge-private.h
libcoxad_pure_a_SOURCES += include/coxad/core/judge/memory.h daemon/core/judge/memory.c
libcoxad_pure_a_SOURCES += daemon/core/judge/pop-facts.c
libcoxad_pure_a_SOURCES += daemon/core/judge/pop-life.c
libcoxad_pure_a_SOURCES += daemon/core/judge/pop-merge.c
libcoxad_pure_a_SOURCES += daemon/core/judge/pop-symptoms.h daemon/core/judge/pop-symptoms.c
libcoxad_pure_a_SOURCES += daemon/core/judge/pop-verdict.c
libcoxad_pure_a_SOURCES += daemon/core/judge/session.c
libcoxad_pure_a_SOURCES += daemon/core/judge/set.c
libcoxad_pure_a_SOURCES += daemon/core/judge/symptom.h daemon/core/judge/symptom.c
libcoxad_pure_a_SOURCES += daemon/core/judge/symptom-report.c
