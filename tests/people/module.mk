# SPDX-License-Identifier: MIT
TESTS += tests/people/run
dist_noinst_SCRIPTS += tests/people/run
EXTRA_DIST += tests/people/capture.py
BENCH_RUNS += tests/people/run
