# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += include/coxad/core/fleet/fleet-assign.h daemon/core/fleet/fleet-assign.c
libcoxad_pure_a_SOURCES += include/coxad/core/fleet/radio-clock.h daemon/core/fleet/radio-clock.c
