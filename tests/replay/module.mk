# SPDX-License-Identifier: MIT
TESTS += tests/replay/run tests/replay/examples
dist_noinst_SCRIPTS += tests/replay/run tests/replay/examples tests/replay/compare-truth
EXTRA_DIST += tests/replay/01-pain-after-pop
