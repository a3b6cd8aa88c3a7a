# SPDX-License-Identifier: MIT
sbin_PROGRAMS += coxad
coxad_SOURCES = daemon/main/coxad.c \
	daemon/main/adapter-silence.c daemon/main/adapter-silence.h \
	daemon/main/athlete-data.c daemon/main/athlete-data.h \
	daemon/main/bus-retry.c daemon/main/bus-retry.h \
	daemon/main/check-config.c daemon/main/check-config.h \
	daemon/main/conf-files.c daemon/main/conf-files.h \
	daemon/main/inspect.c daemon/main/inspect.h \
	daemon/main/fleet-done.c daemon/main/fleet-done.h \
	daemon/main/gauges.c daemon/main/gauges.h \
	daemon/main/last-words.c daemon/main/last-words.h \
	daemon/main/log-on-command.c daemon/main/log-on-command.h \
	daemon/main/manager.c daemon/main/manager.h daemon/main/manager-private.h \
	daemon/main/manager-adopt.c daemon/main/manager-adopt.h \
	daemon/main/manager-backup.c daemon/main/manager-backup.h \
	daemon/main/manager-broker.c daemon/main/manager-broker.h \
	daemon/main/manager-control.c daemon/main/manager-control.h \
	daemon/main/manager-erase.c daemon/main/manager-erase.h \
	daemon/main/manager-fleet.c daemon/main/manager-fleet.h \
	daemon/main/manager-fleet-arrived.c daemon/main/manager-fleet-arrived.h \
	daemon/main/manager-fleet-gauges.c daemon/main/manager-fleet-gauges.h \
	daemon/main/manager-fleet-show.c daemon/main/manager-fleet-show.h \
	daemon/main/manager-fleet-private.h \
	daemon/main/manager-logbook.c daemon/main/manager-logbook.h \
	daemon/main/manager-memory.c daemon/main/manager-memory.h \
	daemon/main/manager-numbers.c daemon/main/manager-numbers.h \
	daemon/main/manager-record.c daemon/main/manager-record.h \
	daemon/main/manager-reload.c daemon/main/manager-reload.h \
	daemon/main/manager-status.c daemon/main/manager-status.h \
	daemon/main/manager-timer.c daemon/main/manager-timer.h \
	daemon/main/number-mark.c daemon/main/number-mark.h \
	daemon/main/options.c daemon/main/options.h \
	daemon/main/pair-on-command.c daemon/main/pair-on-command.h \
	daemon/main/pace.c daemon/main/pace.h \
	daemon/main/radio.c daemon/main/radio.h daemon/main/radio-private.h \
	daemon/main/radio-control.c daemon/main/radio-control.h \
	daemon/main/radio-keep.c daemon/main/radio-keep.h \
	daemon/main/radio-obey.c daemon/main/radio-obey.h \
	daemon/main/radio-report.c daemon/main/radio-report.h \
	daemon/main/radio-send.c daemon/main/radio-send.h \
	daemon/main/radio-serve.c daemon/main/radio-serve.h \
	daemon/main/replay.c daemon/main/replay.h \
	daemon/main/replay-event.c daemon/main/replay-event.h \
	daemon/main/replay-logbook.c daemon/main/replay-logbook.h \
	daemon/main/restore-guard.c daemon/main/restore-guard.h \
	daemon/main/runtime-file.c daemon/main/runtime-file.h \
	daemon/main/scan-on-command.c daemon/main/scan-on-command.h \
	daemon/main/state-directory.c daemon/main/state-directory.h \
	daemon/main/tracing.c daemon/main/tracing.h \
	daemon/main/trial-mark.c daemon/main/trial-mark.h
coxad_CFLAGS = $(libcoxad_io_a_CFLAGS)
coxad_LDADD = $(IO_LIBS)
