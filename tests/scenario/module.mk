# SPDX-License-Identifier: MIT
TESTS += tests/scenario/run tests/scenario/twins
dist_noinst_SCRIPTS += tests/scenario/run tests/scenario/twins
EXTRA_DIST += tests/scenario
