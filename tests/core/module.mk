# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/core/pop/test-acoustic-detector
tests_core_pop_test_acoustic_detector_SOURCES = tests/core/pop/test-acoustic-detector.c
tests_core_pop_test_acoustic_detector_CFLAGS = $(TEST_CFLAGS)
tests_core_pop_test_acoustic_detector_LDADD = $(TEST_LIBS)
