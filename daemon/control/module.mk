# SPDX-License-Identifier: MIT
libcoxad_io_a_SOURCES += daemon/control/caller-rate.h daemon/control/caller-rate.c
libcoxad_io_a_SOURCES += include/coxad/control/control.h daemon/control/control.c
libcoxad_io_a_SOURCES += daemon/control/control-private.h
libcoxad_io_a_SOURCES += daemon/control/control-adopt.h daemon/control/control-adopt.c
libcoxad_io_a_SOURCES += daemon/control/control-admin.h daemon/control/control-admin.c
libcoxad_io_a_SOURCES += daemon/control/control-backup.h daemon/control/control-backup.c
libcoxad_io_a_SOURCES += daemon/control/control-admin.h daemon/control/control-admin.c
libcoxad_io_a_SOURCES += daemon/control/control-bus.h daemon/control/control-bus.c
libcoxad_io_a_SOURCES += daemon/control/control-call.h daemon/control/control-call.c
libcoxad_io_a_SOURCES += daemon/control/control-erase.h daemon/control/control-erase.c
libcoxad_io_a_SOURCES += daemon/control/control-gateway.h daemon/control/control-gateway.c
libcoxad_io_a_SOURCES += daemon/control/control-pair.h daemon/control/control-pair.c
libcoxad_io_a_SOURCES += daemon/control/control-pending.h daemon/control/control-pending.c
libcoxad_io_a_SOURCES += daemon/control/control-record.h daemon/control/control-record.c
libcoxad_io_a_SOURCES += daemon/control/control-watch.h daemon/control/control-watch.c
libcoxad_io_a_SOURCES += daemon/control/state-text.h daemon/control/state-text.c
