# SPDX-License-Identifier: MIT
TREE_TESTS += tests/dashboard/core tests/dashboard/browser tests/dashboard/class tests/dashboard/served
dist_noinst_SCRIPTS += tests/dashboard/core tests/dashboard/browser tests/dashboard/class tests/dashboard/in-browser \
	tests/dashboard/served
EXTRA_DIST += tests/dashboard/views tests/dashboard/class.gym
