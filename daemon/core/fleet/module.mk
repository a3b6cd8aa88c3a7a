# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += include/coxad/core/fleet/brain-lead.h daemon/core/fleet/brain-lead.c
libcoxad_pure_a_SOURCES += include/coxad/core/fleet/fleet-assign.h daemon/core/fleet/fleet-assign.c
libcoxad_pure_a_SOURCES += include/coxad/core/fleet/radio-clock.h daemon/core/fleet/radio-clock.c
libcoxad_pure_a_SOURCES += include/coxad/core/fleet/radio-flow.h
libcoxad_pure_a_SOURCES += include/coxad/core/fleet/radio-inbox.h daemon/core/fleet/radio-inbox.c
libcoxad_pure_a_SOURCES += include/coxad/core/fleet/radio-reason.h daemon/core/fleet/radio-reason.c
libcoxad_pure_a_SOURCES += include/coxad/core/fleet/radio-buffer.h daemon/core/fleet/radio-buffer.c
