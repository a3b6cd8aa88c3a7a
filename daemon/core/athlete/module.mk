# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += include/coxad/core/athlete/memory.h
libcoxad_pure_a_SOURCES += daemon/core/athlete/athlete.h daemon/core/athlete/athlete.c
libcoxad_pure_a_SOURCES += daemon/core/athlete/alert.c
libcoxad_pure_a_SOURCES += daemon/core/athlete/memory.c
libcoxad_pure_a_SOURCES += daemon/core/athlete/session.c
libcoxad_pure_a_SOURCES += daemon/core/athlete/set.c
libcoxad_pure_a_SOURCES += daemon/core/athlete/symptom.c
