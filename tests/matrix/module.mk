# SPDX-License-Identifier: MIT
TESTS += tests/matrix/run tests/matrix/metamorphic tests/matrix/restart
dist_noinst_SCRIPTS += tests/matrix/run tests/matrix/metamorphic tests/matrix/restart
EXTRA_DIST += tests/matrix/always.py tests/matrix/bodies.py tests/matrix/draw.py \
	tests/matrix/faults.py tests/matrix/oracle.py tests/matrix/play.py \
	tests/matrix/script.py tests/matrix/stories.py tests/matrix/trends.py tests/matrix/ways.py
BENCH_RUNS += tests/bench/bench-matrix
dist_noinst_SCRIPTS += tests/bench/bench-matrix
