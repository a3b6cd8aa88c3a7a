# SPDX-License-Identifier: MIT
TESTS += tests/dashboard/core
dist_noinst_SCRIPTS += tests/dashboard/core dashboard/prepare
EXTRA_DIST += tests/dashboard/views
EXTRA_DIST += dashboard/package.json dashboard/package-lock.json dashboard/tsconfig.json dashboard/.npmrc \
	dashboard/scripts dashboard/src dashboard/test
