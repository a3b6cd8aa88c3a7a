# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += include/coxad/outbox/outbox.h daemon/outbox/outbox.c
libcoxad_pure_a_SOURCES += daemon/outbox/outbox-queue.h daemon/outbox/outbox-queue.c
libcoxad_pure_a_SOURCES += daemon/outbox/outbox-entry.h daemon/outbox/outbox-entry.c
libcoxad_pure_a_SOURCES += daemon/outbox/outbox-aside.h daemon/outbox/outbox-aside.c
