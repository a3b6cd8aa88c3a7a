# SPDX-License-Identifier: MIT
TESTS += tests/fleet/10-hall
dist_noinst_SCRIPTS += tests/fleet/10-hall
EXTRA_DIST += tests/fleet/hall.py
