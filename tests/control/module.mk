# SPDX-License-Identifier: MIT
TESTS += tests/control/10-policy
dist_noinst_SCRIPTS += tests/control/10-policy
EXTRA_DIST += tests/control/rig.py
