# SPDX-License-Identifier: MIT
libcoxad_io_a_SOURCES += include/coxad/io/source-bluez.h
libcoxad_io_a_SOURCES += include/coxad/io/sink-mqtt.h
libcoxad_io_a_SOURCES += include/coxad/io/journal.h daemon/io/journal.c
libcoxad_io_a_SOURCES += include/coxad/io/loop.h daemon/io/loop.c
libcoxad_io_a_SOURCES += include/coxad/io/notify.h daemon/io/notify.c
libcoxad_io_a_SOURCES += include/coxad/io/sink-lines.h daemon/io/sink-lines.c
libcoxad_io_a_SOURCES += daemon/io/mailbox.h daemon/io/mailbox.c
libcoxad_io_a_SOURCES += daemon/io/sqlite.h daemon/io/sqlite.c
libcoxad_io_a_SOURCES += daemon/io/outbox-store.h daemon/io/outbox-store.c
libcoxad_io_a_SOURCES += daemon/io/paho.h daemon/io/paho.c
libcoxad_io_a_SOURCES += daemon/io/mqtt.h daemon/io/mqtt.c
libcoxad_io_a_SOURCES += daemon/io/outbox-keeper.h daemon/io/outbox-keeper.c
libcoxad_io_a_SOURCES += daemon/io/sink-mqtt-timing.h daemon/io/sink-mqtt.c
libcoxad_io_a_SOURCES += include/coxad/io/history-store.h daemon/io/history-store.c
libcoxad_io_a_SOURCES += include/coxad/io/recorder.h daemon/io/recorder.c
libcoxad_io_a_SOURCES += include/coxad/io/source-replay.h daemon/io/source-replay.c
