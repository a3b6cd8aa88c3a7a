# SPDX-License-Identifier: MIT
check_PROGRAMS += tests/faults/preload.so
tests_faults_preload_so_SOURCES = tests/faults/preload.c
tests_faults_preload_so_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -fPIC
tests_faults_preload_so_LDFLAGS = -shared
tests_faults_preload_so_LDADD = -ldl
TESTS += tests/faults/allocations
dist_noinst_SCRIPTS += tests/faults/allocations
