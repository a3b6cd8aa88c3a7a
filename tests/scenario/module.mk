# SPDX-License-Identifier: MIT
TESTS += tests/scenario/run tests/scenario/twins tests/scenario/late
dist_noinst_SCRIPTS += tests/scenario/run tests/scenario/twins tests/scenario/late
EXTRA_DIST += tests/scenario
