# SPDX-License-Identifier: MIT
check_PROGRAMS += tests/soak/preload.so
tests_soak_preload_so_SOURCES = tests/soak/preload.c
tests_soak_preload_so_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -fPIC
tests_soak_preload_so_LDFLAGS = -shared
tests_soak_preload_so_LDADD = -ldl
LONG_TESTS += tests/soak/soak
TESTS += tests/soak/memory
dist_noinst_SCRIPTS += tests/soak/soak tests/soak/memory
EXTRA_DIST += tests/soak/world.py tests/soak/verdict.py
