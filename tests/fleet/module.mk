# SPDX-License-Identifier: MIT
TESTS += tests/fleet/10-hall tests/fleet/50-one-and-five tests/fleet/60-failures
dist_noinst_SCRIPTS += tests/fleet/10-hall tests/fleet/50-one-and-five tests/fleet/60-failures
check_PROGRAMS += tests/fleet/small-brain
tests_fleet_small_brain_CFLAGS = $(libcoxad_io_a_CFLAGS)
tests_fleet_small_brain_LDADD = $(IO_LIBS)
TESTS += tests/fleet/30-radio
dist_noinst_SCRIPTS += tests/fleet/30-radio
EXTRA_DIST += tests/fleet/fleet.py tests/fleet/hall.py tests/fleet/training.py
check_PROGRAMS += tests/fleet/played-radio
tests_fleet_played_radio_CFLAGS = $(libcoxad_io_a_CFLAGS)
tests_fleet_played_radio_LDADD = $(IO_LIBS)
TESTS += tests/fleet/30-brain
dist_noinst_SCRIPTS += tests/fleet/30-brain
