# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += include/coxad/flow/intake.h daemon/flow/intake.c
