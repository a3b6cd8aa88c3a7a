# SPDX-License-Identifier: MIT
TESTS += tests/people/run tests/people/class
dist_noinst_SCRIPTS += tests/people/run tests/people/class
EXTRA_DIST += tests/people/capture.py
BENCH_RUNS += tests/people/run tests/people/class
