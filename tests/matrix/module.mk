# SPDX-License-Identifier: MIT
TESTS += tests/matrix/run
dist_noinst_SCRIPTS += tests/matrix/run
EXTRA_DIST += tests/matrix/draw.py tests/matrix/oracle.py
BENCH_RUNS += tests/bench/bench-matrix
dist_noinst_SCRIPTS += tests/bench/bench-matrix
