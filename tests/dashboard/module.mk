# SPDX-License-Identifier: MIT
TREE_TESTS += tests/dashboard/core tests/dashboard/browser
dist_noinst_SCRIPTS += tests/dashboard/core tests/dashboard/browser dashboard/prepare
EXTRA_DIST += tests/dashboard/views tests/dashboard/class.gym
EXTRA_DIST += dashboard/package.json dashboard/package-lock.json dashboard/tsconfig.json dashboard/.npmrc \
	dashboard/scripts dashboard/src dashboard/test
