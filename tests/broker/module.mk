# SPDX-License-Identifier: MIT
check_PROGRAMS += tests/broker/pusher
tests_broker_pusher_SOURCES = tests/broker/pusher.c
tests_broker_pusher_CFLAGS = $(libcoxad_io_a_CFLAGS)
tests_broker_pusher_LDADD = $(IO_LIBS)
