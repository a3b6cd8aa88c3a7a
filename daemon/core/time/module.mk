# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += \
	include/coxad/core/time/wall-clock.h daemon/core/time/wall-clock.c
libcoxad_pure_a_SOURCES += \
	include/coxad/core/time/clock-sync.h daemon/core/time/clock-sync.c \
	daemon/core/time/clock-line.h daemon/core/time/clock-line.c \
	daemon/core/time/clock-phase.h daemon/core/time/clock-phase.c
libcoxad_pure_a_SOURCES += include/coxad/core/time/timeline.h daemon/core/time/timeline.c
