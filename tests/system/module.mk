# SPDX-License-Identifier: MIT
TESTS += tests/system/unit
EXTRA_DIST += tests/system/unit tests/system/package tests/system/foreign
TREE_TESTS += tests/system/check-tree
EXTRA_DIST += tests/system/check-tree
EXTRA_DIST += tests/system/treecheck/__init__.py tests/system/treecheck/formatting.py \
	tests/system/treecheck/names.py tests/system/treecheck/pure.py tests/system/treecheck/rooms.py \
	tests/system/treecheck/selftest.py tests/system/treecheck/sizes.py tests/system/treecheck/symbols.py \
	tests/system/treecheck/text.py tests/system/treecheck/tree.py
TREE_TESTS += tests/system/hacking
dist_noinst_SCRIPTS += tests/system/hacking
TREE_TESTS += tests/system/citations
dist_noinst_SCRIPTS += tests/system/citations
TESTS += tests/system/20-reload
dist_noinst_SCRIPTS += tests/system/20-reload
TESTS += tests/system/22-athlete-data
dist_noinst_SCRIPTS += tests/system/22-athlete-data
TESTS += tests/system/explain tests/system/explain-sets
dist_noinst_SCRIPTS += tests/system/explain tests/system/explain-sets
TESTS += tests/system/30-wearables
dist_noinst_SCRIPTS += tests/system/30-wearables tools/wearables-table
TESTS += tests/system/31-inspect
dist_noinst_SCRIPTS += tests/system/31-inspect
TESTS += tests/system/21-streams
dist_noinst_SCRIPTS += tests/system/21-streams
TESTS += tests/system/32-trace
dist_noinst_SCRIPTS += tests/system/32-trace
TREE_TESTS += tests/system/40-add-driver
dist_noinst_SCRIPTS += tests/system/40-add-driver
TREE_TESTS += tests/system/24-page
dist_noinst_SCRIPTS += tests/system/24-page
TESTS += tests/system/23-conf-files
dist_noinst_SCRIPTS += tests/system/23-conf-files
TESTS += tests/system/24-quickstart
dist_noinst_SCRIPTS += tests/system/24-quickstart
TREE_TESTS += tests/system/26-limited
dist_noinst_SCRIPTS += tests/system/26-limited
