# SPDX-License-Identifier: MIT
libcoxad_io_a_SOURCES += \
	include/coxad/io/sink-mqtt.h \
	include/coxad/io/source-bluez.h daemon/io/placeholder.c
