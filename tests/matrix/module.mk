# SPDX-License-Identifier: MIT
TESTS += tests/matrix/run tests/matrix/metamorphic tests/matrix/restart
dist_noinst_SCRIPTS += tests/matrix/run tests/matrix/metamorphic tests/matrix/restart
EXTRA_DIST += tests/matrix/draw.py tests/matrix/oracle.py tests/matrix/play.py
BENCH_RUNS += tests/bench/bench-matrix
dist_noinst_SCRIPTS += tests/bench/bench-matrix
