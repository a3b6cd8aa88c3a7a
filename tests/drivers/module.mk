# SPDX-License-Identifier: MIT
EXTRA_DIST += tests/vectors
VECTOR_PACKETS = tests/drivers/vector-packets.h tests/drivers/vector-packets.c
# What tests of drivers share; drv-template.c is in no program but these.
DRIVER_TEST = tests/drivers/record-text.h tests/drivers/plan-text.h tests/drivers/sig-driver.h \
	tests/drivers/vectors.h $(VECTOR_PACKETS)

CMOCKA_TESTS += tests/drivers/test-claims
CMOCKA_TESTS += tests/drivers/test-drivers
tests_drivers_test_drivers_SOURCES = tests/drivers/test-drivers.c $(DRIVER_TEST) \
	daemon/drivers/drv-template.c
CMOCKA_TESTS += tests/drivers/test-vectors
tests_drivers_test_vectors_SOURCES = tests/drivers/test-vectors.c $(DRIVER_TEST) \
	daemon/drivers/drv-template.c
tests_drivers_test_vectors_CFLAGS = $(TEST_CFLAGS) $(JANSSON_CFLAGS)
CMOCKA_TESTS += tests/drivers/test-drv-coxa
tests_drivers_test_drv_coxa_SOURCES = tests/drivers/test-drv-coxa.c $(DRIVER_TEST)
CMOCKA_TESTS += tests/drivers/test-drv-st-bluest
tests_drivers_test_drv_st_bluest_SOURCES = tests/drivers/test-drv-st-bluest.c $(DRIVER_TEST)
tests_drivers_test_drv_st_bluest_CFLAGS = $(TEST_CFLAGS) $(JANSSON_CFLAGS)
CMOCKA_TESTS += tests/drivers/test-drv-witmotion
tests_drivers_test_drv_witmotion_SOURCES = tests/drivers/test-drv-witmotion.c $(DRIVER_TEST)
tests_drivers_test_drv_witmotion_CFLAGS = $(TEST_CFLAGS) $(JANSSON_CFLAGS)
CMOCKA_TESTS += tests/drivers/test-ima-adpcm
CMOCKA_TESTS += tests/drivers/test-plans
