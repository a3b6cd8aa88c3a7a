# SPDX-License-Identifier: MIT
if HAVE_SNDFILE
noinst_PROGRAMS += tests/bench/bench-detector
tests_bench_bench_detector_CFLAGS = $(AM_CFLAGS) $(SNDFILE_CFLAGS)
tests_bench_bench_detector_LDADD = $(PURE_LIBS) $(SNDFILE_LIBS)
endif
EXTRA_PROGRAMS += tests/bench/bench-live
BENCHES += tests/bench/bench-live
EXTRA_DIST += tests/bench/bleak-reader.py
tests_bench_bench_live_CFLAGS = $(TEST_CFLAGS) $(DBUS_CFLAGS) $(SYSTEMD_CFLAGS)
tests_bench_bench_live_LDADD = $(BUS_TEST_LIBS)
noinst_PROGRAMS += tests/bench/bench-orientation
BENCHES += tests/bench/bench-orientation
tests_bench_bench_orientation_SOURCES = tests/bench/bench-orientation.c \
	tests/bench/trial.h tests/bench/trial.c
tests_bench_bench_orientation_CFLAGS = $(AM_CFLAGS) $(ZLIB_CFLAGS)
tests_bench_bench_orientation_LDADD = $(PURE_LIBS) $(ZLIB_LIBS)
check_PROGRAMS += tests/bench/bench-full-body
TESTS += tests/bench/recordings-held
dist_noinst_SCRIPTS += tests/bench/recordings-held
BENCHES += tests/bench/bench-full-body
tests_bench_bench_full_body_SOURCES = tests/bench/bench-full-body.c \
	tests/bench/trial.h tests/bench/trial.c
tests_bench_bench_full_body_CFLAGS = $(AM_CFLAGS) $(ZLIB_CFLAGS)
tests_bench_bench_full_body_LDADD = $(PURE_LIBS) $(ZLIB_LIBS)
EXTRA_PROGRAMS += tests/bench/bench-posture
BENCHES += tests/bench/bench-posture
tests_bench_bench_posture_SOURCES = tests/bench/bench-posture.c $(SYNTHETIC_BODY)
tests_bench_bench_posture_LDADD = $(PURE_LIBS)
EXTRA_PROGRAMS += tests/bench/bench-clock
BENCHES += tests/bench/bench-clock
tests_bench_bench_clock_SOURCES = tests/bench/bench-clock.c tests/core/time/radio-sim.h
tests_bench_bench_clock_LDADD = $(PURE_LIBS)
EXTRA_PROGRAMS += tests/bench/bench-repetitions
BENCHES += tests/bench/bench-repetitions
tests_bench_bench_repetitions_SOURCES = tests/bench/bench-repetitions.c \
	tests/core/posture/rep-set.h tests/core/posture/rep-set.c \
	tests/core/posture/rep-judge.c $(SYNTHETIC_BODY)
tests_bench_bench_repetitions_LDADD = $(PURE_LIBS)
EXTRA_PROGRAMS += tests/bench/bench-decode
BENCHES += tests/bench/bench-decode
tests_bench_bench_decode_SOURCES = tests/bench/bench-decode.c $(VECTOR_PACKETS)
tests_bench_bench_decode_LDADD = $(PURE_LIBS)
# Run by hand: each prints what it measured.
bench: $(BENCHES) $(BENCH_HELPERS) coxad coxa-gym
	@for b in $(BENCHES); do echo "== $$b"; ./$$b || exit 1; done
	@export COXAD_TOP_SRCDIR='$(abs_top_srcdir)' COXAD_TOP_BUILDDIR='$(abs_top_builddir)'; \
	for b in $(BENCH_RUNS); do echo "== $$b"; $(srcdir)/$$b || exit 1; done
.PHONY: bench
BENCH_GYM = tests/bench/bench-gym.h tests/bench/bench-gym.c
EXTRA_PROGRAMS += tests/bench/bench-day
BENCHES += tests/bench/bench-day
tests_bench_bench_day_SOURCES = tests/bench/bench-day.c $(BENCH_GYM)
tests_bench_bench_day_LDADD = $(PURE_LIBS)
EXTRA_PROGRAMS += tests/bench/bench-fleet
BENCHES += tests/bench/bench-fleet
tests_bench_bench_fleet_LDADD = $(PURE_LIBS)
EXTRA_PROGRAMS += tests/bench/bench-reload
BENCHES += tests/bench/bench-reload
tests_bench_bench_reload_SOURCES = tests/bench/bench-reload.c $(BENCH_GYM)
tests_bench_bench_reload_LDADD = $(PURE_LIBS)
EXTRA_PROGRAMS += tests/bench/subscriber tests/bench/bare-sync
tests_bench_subscriber_LDADD = $(PAHO_LIBS) -lpthread
BENCH_HELPERS += tests/bench/subscriber tests/bench/bare-sync
BENCH_RUNS += tests/bench/bench-latency tests/bench/bench-recordings
dist_noinst_SCRIPTS += tests/bench/bench-latency tests/bench/bench-recordings tests/bench/latency-figures.py
EXTRA_PROGRAMS += tests/bench/bench-outbox
BENCHES += tests/bench/bench-outbox
tests_bench_bench_outbox_LDADD = $(IO_LIBS)
BENCH_HELPERS += tests/fleet/played-radio
BENCH_RUNS += tests/bench/bench-brain
dist_noinst_SCRIPTS += tests/bench/bench-brain
BENCH_RUNS += tests/bench/bench-instructions
dist_noinst_SCRIPTS += tests/bench/bench-instructions tests/bench/bench-against
EXTRA_PROGRAMS += tests/bench/bench-athletes
BENCHES += tests/bench/bench-athletes
tests_bench_bench_athletes_SOURCES = tests/bench/bench-athletes.c $(BENCH_GYM)
tests_bench_bench_athletes_LDADD = libgym.a $(IO_LIBS)
EXTRA_PROGRAMS += tests/bench/bench-recall
BENCHES += tests/bench/bench-recall
tests_bench_bench_recall_SOURCES = tests/bench/bench-recall.c $(DETECTOR_TRIAL) $(BORROWED_SOUND)
tests_bench_bench_recall_LDADD = $(PURE_LIBS)
