# SPDX-License-Identifier: MIT
TESTS += tests/scenario/run
dist_noinst_SCRIPTS += tests/scenario/run
EXTRA_DIST += tests/scenario
