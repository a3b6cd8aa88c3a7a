# SPDX-License-Identifier: MIT
TESTS += tests/scenario/run tests/scenario/twins tests/scenario/late tests/scenario/worn
dist_noinst_SCRIPTS += tests/scenario/run tests/scenario/twins tests/scenario/late tests/scenario/worn
EXTRA_DIST += tests/scenario
