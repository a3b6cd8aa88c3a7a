# SPDX-License-Identifier: MIT
LONG_TESTS += tests/scenario/twins
TESTS += tests/scenario/run tests/scenario/late tests/scenario/worn
dist_noinst_SCRIPTS += tests/scenario/run tests/scenario/twins tests/scenario/late tests/scenario/worn
EXTRA_DIST += tests/scenario
