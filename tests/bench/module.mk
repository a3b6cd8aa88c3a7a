# SPDX-License-Identifier: MIT
if HAVE_SNDFILE
EXTRA_PROGRAMS += tests/bench/bench-detector
tests_bench_bench_detector_SOURCES = tests/bench/bench-detector.c
tests_bench_bench_detector_CFLAGS = $(AM_CFLAGS) $(SNDFILE_CFLAGS)
tests_bench_bench_detector_LDADD = $(PURE_LIBS) $(SNDFILE_LIBS)
endif
