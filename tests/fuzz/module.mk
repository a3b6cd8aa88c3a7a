# SPDX-License-Identifier: MIT
# A fuzzer of your own: its program in FUZZERS and the four lines below it; its corpus in
# tests/fuzz/corpus/NAME, its dictionary (where it has one) in tests/fuzz/dict/NAME.dict.
FUZZERS =
FUZZ_CFLAGS = $(AM_CFLAGS)
FUZZ_LINK = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
if FUZZING
FUZZ_MAIN =
else
FUZZ_MAIN = tests/fuzz/fuzz-main.c
TESTS += $(FUZZERS)
endif
check_PROGRAMS += $(FUZZERS)

FUZZERS += tests/fuzz/fuzz-capture
tests_fuzz_fuzz_capture_SOURCES = tests/fuzz/fuzz-capture.c $(FUZZ_MAIN)
tests_fuzz_fuzz_capture_CFLAGS = $(FUZZ_CFLAGS)
tests_fuzz_fuzz_capture_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_capture_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-command
tests_fuzz_fuzz_command_SOURCES = tests/fuzz/fuzz-command.c $(FUZZ_MAIN)
tests_fuzz_fuzz_command_CFLAGS = $(FUZZ_CFLAGS)
tests_fuzz_fuzz_command_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_command_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-conf
tests_fuzz_fuzz_conf_SOURCES = tests/fuzz/fuzz-conf.c $(FUZZ_MAIN)
tests_fuzz_fuzz_conf_CFLAGS = $(FUZZ_CFLAGS)
tests_fuzz_fuzz_conf_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_conf_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-history
tests_fuzz_fuzz_history_SOURCES = tests/fuzz/fuzz-history.c $(FUZZ_MAIN)
tests_fuzz_fuzz_history_CFLAGS = $(FUZZ_CFLAGS)
tests_fuzz_fuzz_history_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_history_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-drv-coxa
tests_fuzz_fuzz_drv_coxa_SOURCES = tests/fuzz/fuzz-driver.c tests/fuzz/fuzz-driver.h $(FUZZ_MAIN)
tests_fuzz_fuzz_drv_coxa_CFLAGS = $(FUZZ_CFLAGS) -DFUZZ_DRIVER='"coxa"'
tests_fuzz_fuzz_drv_coxa_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_drv_coxa_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-drv-st-bluest
tests_fuzz_fuzz_drv_st_bluest_SOURCES = tests/fuzz/fuzz-driver.c tests/fuzz/fuzz-driver.h $(FUZZ_MAIN)
tests_fuzz_fuzz_drv_st_bluest_CFLAGS = $(FUZZ_CFLAGS) -DFUZZ_DRIVER='"st-bluest"'
tests_fuzz_fuzz_drv_st_bluest_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_drv_st_bluest_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-intake
tests_fuzz_fuzz_intake_SOURCES = tests/fuzz/fuzz-intake.c tests/fuzz/fuzz-driver.h $(FUZZ_MAIN)
tests_fuzz_fuzz_intake_CFLAGS = $(FUZZ_CFLAGS)
tests_fuzz_fuzz_intake_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_intake_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-drv-nordic-thingy52
tests_fuzz_fuzz_drv_nordic_thingy52_SOURCES = tests/fuzz/fuzz-driver.c tests/fuzz/fuzz-driver.h $(FUZZ_MAIN)
tests_fuzz_fuzz_drv_nordic_thingy52_CFLAGS = $(FUZZ_CFLAGS) -DFUZZ_DRIVER='"nordic-thingy52"'
tests_fuzz_fuzz_drv_nordic_thingy52_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_drv_nordic_thingy52_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-drv-movella-dot
tests_fuzz_fuzz_drv_movella_dot_SOURCES = tests/fuzz/fuzz-driver.c tests/fuzz/fuzz-driver.h $(FUZZ_MAIN)
tests_fuzz_fuzz_drv_movella_dot_CFLAGS = $(FUZZ_CFLAGS) -DFUZZ_DRIVER='"movella-dot"'
tests_fuzz_fuzz_drv_movella_dot_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_drv_movella_dot_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-drv-witmotion
tests_fuzz_fuzz_drv_witmotion_SOURCES = tests/fuzz/fuzz-driver.c tests/fuzz/fuzz-driver.h $(FUZZ_MAIN)
tests_fuzz_fuzz_drv_witmotion_CFLAGS = $(FUZZ_CFLAGS) -DFUZZ_DRIVER='"witmotion"'
tests_fuzz_fuzz_drv_witmotion_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_drv_witmotion_LDADD = $(PURE_LIBS)
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/dict

FUZZERS += tests/fuzz/fuzz-drv-movesense
tests_fuzz_fuzz_drv_movesense_SOURCES = tests/fuzz/fuzz-driver.c tests/fuzz/fuzz-driver.h $(FUZZ_MAIN)
tests_fuzz_fuzz_drv_movesense_CFLAGS = $(FUZZ_CFLAGS) -DFUZZ_DRIVER='"movesense"'
tests_fuzz_fuzz_drv_movesense_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_drv_movesense_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-drv-sig-heart-rate
tests_fuzz_fuzz_drv_sig_heart_rate_SOURCES = tests/fuzz/fuzz-driver.c tests/fuzz/fuzz-driver.h $(FUZZ_MAIN)
tests_fuzz_fuzz_drv_sig_heart_rate_CFLAGS = $(FUZZ_CFLAGS) -DFUZZ_DRIVER='"sig-heart-rate"'
tests_fuzz_fuzz_drv_sig_heart_rate_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_drv_sig_heart_rate_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-drv-mbient-metamotion
tests_fuzz_fuzz_drv_mbient_metamotion_SOURCES = tests/fuzz/fuzz-driver.c tests/fuzz/fuzz-driver.h $(FUZZ_MAIN)
tests_fuzz_fuzz_drv_mbient_metamotion_CFLAGS = $(FUZZ_CFLAGS) -DFUZZ_DRIVER='"mbient-metamotion"'
tests_fuzz_fuzz_drv_mbient_metamotion_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_drv_mbient_metamotion_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-drv-bbc-microbit
tests_fuzz_fuzz_drv_bbc_microbit_SOURCES = tests/fuzz/fuzz-driver.c tests/fuzz/fuzz-driver.h $(FUZZ_MAIN)
tests_fuzz_fuzz_drv_bbc_microbit_CFLAGS = $(FUZZ_CFLAGS) -DFUZZ_DRIVER='"bbc-microbit"'
tests_fuzz_fuzz_drv_bbc_microbit_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_drv_bbc_microbit_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-drv-arduino-nano33
tests_fuzz_fuzz_drv_arduino_nano33_SOURCES = tests/fuzz/fuzz-driver.c tests/fuzz/fuzz-driver.h $(FUZZ_MAIN)
tests_fuzz_fuzz_drv_arduino_nano33_CFLAGS = $(FUZZ_CFLAGS) -DFUZZ_DRIVER='"arduino-nano33"'
tests_fuzz_fuzz_drv_arduino_nano33_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_drv_arduino_nano33_LDADD = $(PURE_LIBS)

FUZZERS += tests/fuzz/fuzz-bluez
tests_fuzz_fuzz_bluez_SOURCES = tests/fuzz/fuzz-bluez.c $(FUZZ_MAIN)
tests_fuzz_fuzz_bluez_CFLAGS = $(FUZZ_CFLAGS) $(DBUS_CFLAGS) $(SYSTEMD_CFLAGS)
tests_fuzz_fuzz_bluez_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_bluez_LDADD = $(IO_LIBS)
