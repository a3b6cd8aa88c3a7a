# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/drivers/test-drivers
tests_drivers_test_drivers_SOURCES = tests/drivers/test-drivers.c tests/drivers/record-text.h \
	tests/drivers/plan-text.h tests/drivers/sig-driver.h tests/drivers/vectors.h \
	daemon/drivers/drv-template.c
CMOCKA_TESTS += tests/drivers/test-vectors
tests_drivers_test_vectors_SOURCES = tests/drivers/test-vectors.c daemon/drivers/drv-template.c
tests_drivers_test_vectors_CFLAGS = $(TEST_CFLAGS) $(JANSSON_CFLAGS)
CMOCKA_TESTS += tests/drivers/test-drv-coxa
CMOCKA_TESTS += tests/drivers/test-drv-st-bluest
tests_drivers_test_drv_st_bluest_CFLAGS = $(TEST_CFLAGS) $(JANSSON_CFLAGS)
EXTRA_DIST += tests/vectors
CMOCKA_TESTS += tests/drivers/test-plans
CMOCKA_TESTS += tests/drivers/test-ima-adpcm
CMOCKA_TESTS += tests/drivers/test-drv-witmotion
tests_drivers_test_drv_witmotion_CFLAGS = $(TEST_CFLAGS) $(JANSSON_CFLAGS)
