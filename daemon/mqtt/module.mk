# SPDX-License-Identifier: MIT
libcoxad_io_a_SOURCES += daemon/mqtt/bad-topics.h daemon/mqtt/bad-topics.c
libcoxad_io_a_SOURCES += daemon/mqtt/in-flight.h daemon/mqtt/in-flight.c
libcoxad_io_a_SOURCES += daemon/mqtt/mailbox.h daemon/mqtt/mailbox.c
libcoxad_io_a_SOURCES += daemon/mqtt/mqtt.h daemon/mqtt/mqtt.c
libcoxad_io_a_SOURCES += daemon/mqtt/mqtt-offer.h daemon/mqtt/mqtt-offer.c
libcoxad_io_a_SOURCES += daemon/mqtt/mqtt-reason.h daemon/mqtt/mqtt-reason.c
libcoxad_io_a_SOURCES += daemon/mqtt/mqtt-settings.h daemon/mqtt/mqtt-settings.c
libcoxad_io_a_SOURCES += daemon/mqtt/paho.h daemon/mqtt/paho.c
libcoxad_io_a_SOURCES += daemon/mqtt/sink-delivery.h daemon/mqtt/sink-delivery.c
libcoxad_io_a_SOURCES += include/coxad/mqtt/sink-lines.h daemon/mqtt/sink-lines.c
libcoxad_io_a_SOURCES += include/coxad/mqtt/sink-mqtt.h daemon/mqtt/sink-mqtt.c
libcoxad_io_a_SOURCES += daemon/mqtt/sink-mqtt-private.h
libcoxad_io_a_SOURCES += daemon/mqtt/tcp-nodelay.h daemon/mqtt/tcp-nodelay.c
