# SPDX-License-Identifier: MIT
TESTS += tests/fleet/10-hall tests/fleet/20-networks
dist_noinst_SCRIPTS += tests/fleet/10-hall tests/fleet/20-networks
EXTRA_DIST += tests/fleet/hall.py tests/fleet/training.py
