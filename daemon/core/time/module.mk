# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += \
	include/coxad/core/time/wall-clock.h daemon/core/time/wall-clock.c
