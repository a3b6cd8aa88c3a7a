# SPDX-License-Identifier: MIT
libcoxad_io_a_SOURCES += include/coxad/loop/bus-loop.h daemon/loop/bus-loop.c
libcoxad_io_a_SOURCES += include/coxad/loop/clock.h daemon/loop/clock.c
libcoxad_io_a_SOURCES += include/coxad/loop/journal.h daemon/loop/journal.c
libcoxad_io_a_SOURCES += include/coxad/loop/loop.h daemon/loop/loop.c
libcoxad_io_a_SOURCES += include/coxad/loop/notify.h daemon/loop/notify.c
libcoxad_io_a_SOURCES += include/coxad/loop/regular-file.h daemon/loop/regular-file.c
libcoxad_io_a_SOURCES += include/coxad/loop/thread.h daemon/loop/thread.c
libcoxad_io_a_SOURCES += include/coxad/loop/wall-watch.h daemon/loop/wall-watch.c
