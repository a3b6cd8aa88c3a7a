# SPDX-License-Identifier: MIT
# To add a fuzzer: its program in FUZZERS with the two lines below it, its corpus in
# tests/fuzz/corpus/NAME, and its dictionary, if any, in tests/fuzz/dict/NAME.dict. Those of drivers
# come from the list of drivers.
FUZZERS =
FUZZ_LIBS = $(PURE_LIBS) $(FUZZ_LDFLAGS)
if FUZZING
FUZZ_MAIN = tests/fuzz/fuzz-main.h tests/fuzz/fuzz-seeds.c
else
FUZZ_MAIN = tests/fuzz/fuzz-main.h tests/fuzz/fuzz-main.c
TESTS += $(FUZZERS)
endif
check_PROGRAMS += $(FUZZERS)
print-fuzzers:
	@echo $(FUZZERS:tests/fuzz/fuzz-%=%)
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/dict

FUZZ_PACKETS = tests/fuzz/fuzz-packets.h tests/fuzz/fuzz-packets.c $(VECTOR_PACKETS)

FUZZERS += tests/fuzz/fuzz-adopted
tests_fuzz_fuzz_adopted_SOURCES = tests/fuzz/fuzz-adopted.c $(FUZZ_MAIN)
tests_fuzz_fuzz_adopted_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SYSTEMD_CFLAGS)
tests_fuzz_fuzz_adopted_LDADD = $(CTL_LIBS) $(FUZZ_LDFLAGS)

FUZZERS += tests/fuzz/fuzz-capture
tests_fuzz_fuzz_capture_SOURCES = tests/fuzz/fuzz-capture.c $(FUZZ_MAIN)
tests_fuzz_fuzz_capture_LDADD = $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-command
tests_fuzz_fuzz_command_SOURCES = tests/fuzz/fuzz-command.c $(FUZZ_MAIN)
tests_fuzz_fuzz_command_LDADD = $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-coxactl
tests_fuzz_fuzz_coxactl_SOURCES = tests/fuzz/fuzz-coxactl.c $(FUZZ_MAIN)
tests_fuzz_fuzz_coxactl_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SYSTEMD_CFLAGS)
tests_fuzz_fuzz_coxactl_LDADD = $(CTL_LIBS) $(FUZZ_LDFLAGS)

FUZZERS += tests/fuzz/fuzz-manifest
tests_fuzz_fuzz_manifest_SOURCES = tests/fuzz/fuzz-manifest.c $(FUZZ_MAIN)
tests_fuzz_fuzz_manifest_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_fuzz_fuzz_manifest_LDADD = $(CTL_LIBS) $(FUZZ_LDFLAGS)

FUZZERS += tests/fuzz/fuzz-conf
tests_fuzz_fuzz_conf_SOURCES = tests/fuzz/fuzz-conf.c $(FUZZ_MAIN)
tests_fuzz_fuzz_conf_LDADD = $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-history
tests_fuzz_fuzz_history_SOURCES = tests/fuzz/fuzz-history.c $(FUZZ_MAIN)
tests_fuzz_fuzz_history_LDADD = $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-logbook
tests_fuzz_fuzz_logbook_SOURCES = tests/fuzz/fuzz-logbook.c $(FUZZ_MAIN)
tests_fuzz_fuzz_logbook_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_fuzz_fuzz_logbook_LDADD = $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-radio-batch
tests_fuzz_fuzz_radio_batch_SOURCES = tests/fuzz/fuzz-radio-batch.c $(FUZZ_MAIN)
tests_fuzz_fuzz_radio_batch_LDADD = $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-radio-fleet
tests_fuzz_fuzz_radio_fleet_SOURCES = tests/fuzz/fuzz-radio-fleet.c $(FUZZ_MAIN)
tests_fuzz_fuzz_radio_fleet_LDADD = $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-radio-hub
tests_fuzz_fuzz_radio_hub_SOURCES = tests/fuzz/fuzz-radio-hub.c $(FUZZ_MAIN)
tests_fuzz_fuzz_radio_hub_LDADD = $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-radio-message
tests_fuzz_fuzz_radio_message_SOURCES = tests/fuzz/fuzz-radio-message.c $(FUZZ_MAIN)
tests_fuzz_fuzz_radio_message_LDADD = $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-radio-says
tests_fuzz_fuzz_radio_says_SOURCES = tests/fuzz/fuzz-radio-says.c $(FUZZ_MAIN)
tests_fuzz_fuzz_radio_says_LDADD = $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-intake
tests_fuzz_fuzz_intake_SOURCES = tests/fuzz/fuzz-intake.c $(FUZZ_PACKETS) $(FUZZ_MAIN)
tests_fuzz_fuzz_intake_LDADD = $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-bluez
tests_fuzz_fuzz_bluez_SOURCES = tests/fuzz/fuzz-bluez.c $(FUZZ_MAIN)
tests_fuzz_fuzz_bluez_CFLAGS = $(AM_CFLAGS) $(DBUS_CFLAGS) $(SYSTEMD_CFLAGS)
tests_fuzz_fuzz_bluez_LDADD = $(IO_LIBS) $(FUZZ_LDFLAGS)

FUZZERS += tests/fuzz/fuzz-text
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz-text.c $(FUZZ_MAIN)
tests_fuzz_fuzz_text_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_fuzz_fuzz_text_LDADD = $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-replay
tests_fuzz_fuzz_replay_SOURCES = tests/fuzz/fuzz-replay.c $(FUZZ_MAIN)
tests_fuzz_fuzz_replay_LDADD = $(IO_LIBS) $(FUZZ_LDFLAGS)

FUZZERS += tests/fuzz/fuzz-gym
tests_fuzz_fuzz_gym_SOURCES = tests/fuzz/fuzz-gym.c $(FUZZ_MAIN)
tests_fuzz_fuzz_gym_LDADD = $(GYM_LIBS) $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-source-bluez
tests_fuzz_fuzz_source_bluez_SOURCES = tests/fuzz/fuzz-source-bluez.c tests/fuzz/hostile-bluez.h \
	tests/fuzz/hostile-bluez.c tests/fuzz/hostile-value.h tests/fuzz/hostile-value.c \
	tests/fuzz/virtual-bus.h tests/fuzz/virtual-bus.c tests/fuzz/virtual-event.h \
	tests/fuzz/virtual-event.c $(FUZZ_PACKETS) $(FUZZ_MAIN)
tests_fuzz_fuzz_source_bluez_CFLAGS = $(AM_CFLAGS) $(DBUS_CFLAGS) $(SYSTEMD_CFLAGS)
tests_fuzz_fuzz_source_bluez_LDADD = $(IO_LIBS) $(FUZZ_LDFLAGS)
# Where libdbus is linked statically, as in the foreign build, its functions are ours here too.
tests_fuzz_fuzz_source_bluez_LDFLAGS = $(AM_LDFLAGS) -Wl,--allow-multiple-definition

# One for each driver, which its name ends with.
FUZZ_DRIVER = tests/fuzz/fuzz-driver.c $(FUZZ_PACKETS) $(FUZZ_MAIN)
include tests/fuzz/drivers.mk

FUZZERS += tests/fuzz/fuzz-gateway
tests_fuzz_fuzz_gateway_SOURCES = tests/fuzz/fuzz-gateway.c $(FUZZ_MAIN)
tests_fuzz_fuzz_gateway_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_fuzz_fuzz_gateway_LDADD = $(FUZZ_LIBS)

FUZZERS += tests/fuzz/fuzz-store
tests_fuzz_fuzz_store_SOURCES = tests/fuzz/fuzz-store.c $(FUZZ_MAIN)
tests_fuzz_fuzz_store_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS) $(SQLITE_CFLAGS)
tests_fuzz_fuzz_store_LDADD = $(IO_LIBS) $(FUZZ_LDFLAGS)

FUZZERS += tests/fuzz/fuzz-trial-mark
tests_fuzz_fuzz_trial_mark_SOURCES = tests/fuzz/fuzz-trial-mark.c daemon/main/runtime-file.c daemon/main/runtime-file.h \
	daemon/main/trial-mark.c daemon/main/trial-mark.h $(FUZZ_MAIN)
tests_fuzz_fuzz_trial_mark_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS)
tests_fuzz_fuzz_trial_mark_LDADD = $(IO_LIBS) $(FUZZ_LDFLAGS)
