# SPDX-License-Identifier: MIT
libcoxad_io_a_SOURCES += include/coxad/io/source-bluez.h
libcoxad_io_a_SOURCES += include/coxad/io/sink-mqtt.h
libcoxad_io_a_SOURCES += include/coxad/io/journal.h daemon/io/journal.c
libcoxad_io_a_SOURCES += include/coxad/io/loop.h daemon/io/loop.c
libcoxad_io_a_SOURCES += include/coxad/io/notify.h daemon/io/notify.c
libcoxad_io_a_SOURCES += include/coxad/io/sink-lines.h daemon/io/sink-lines.c
