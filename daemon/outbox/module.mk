# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += include/coxad/outbox/outbox.h daemon/outbox/outbox.c
