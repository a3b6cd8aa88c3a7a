# SPDX-License-Identifier: MIT
libcoxad_io_a_SOURCES += daemon/bluez/bluez-action.c
libcoxad_io_a_SOURCES += daemon/bluez/bluez-adapter.c
libcoxad_io_a_SOURCES += daemon/bluez/bluez-agent.c
libcoxad_io_a_SOURCES += daemon/bluez/bluez-bus.c
libcoxad_io_a_SOURCES += daemon/bluez/bluez-error.h daemon/bluez/bluez-error.c
libcoxad_io_a_SOURCES += daemon/bluez/bluez-link.c
libcoxad_io_a_SOURCES += daemon/bluez/bluez-link-private.h
libcoxad_io_a_SOURCES += daemon/bluez/bluez-objects.h daemon/bluez/bluez-objects.c
libcoxad_io_a_SOURCES += daemon/bluez/bluez-properties.h daemon/bluez/bluez-properties.c
libcoxad_io_a_SOURCES += daemon/bluez/bus-calls.h daemon/bluez/bus-calls.c
libcoxad_io_a_SOURCES += daemon/bluez/bus-loop.h daemon/bluez/bus-loop.c
libcoxad_io_a_SOURCES += daemon/bluez/bus-message.h daemon/bluez/bus-message.c
libcoxad_io_a_SOURCES += daemon/bluez/gatt-stream.h daemon/bluez/gatt-stream.c
libcoxad_io_a_SOURCES += include/coxad/bluez/source-bluez.h daemon/bluez/source-bluez.c
libcoxad_io_a_SOURCES += daemon/bluez/source-bluez-private.h
