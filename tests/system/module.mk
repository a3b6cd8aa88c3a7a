# SPDX-License-Identifier: MIT
TESTS += tests/system/check-tree
dist_noinst_SCRIPTS += tests/system/check-tree
