# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/drivers/test-drivers
tests_drivers_test_drivers_SOURCES = tests/drivers/test-drivers.c tests/drivers/record-text.h \
	tests/drivers/plan-text.h tests/drivers/sig-driver.h tests/drivers/vectors.h \
	daemon/drivers/drv-template.c
tests_drivers_test_drivers_CFLAGS = $(TEST_CFLAGS)
tests_drivers_test_drivers_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/drivers/test-vectors
tests_drivers_test_vectors_SOURCES = tests/drivers/test-vectors.c daemon/drivers/drv-template.c
tests_drivers_test_vectors_CFLAGS = $(TEST_CFLAGS) $(JANSSON_CFLAGS)
tests_drivers_test_vectors_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/drivers/test-drv-coxa
tests_drivers_test_drv_coxa_SOURCES = tests/drivers/test-drv-coxa.c
tests_drivers_test_drv_coxa_CFLAGS = $(TEST_CFLAGS)
tests_drivers_test_drv_coxa_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/drivers/test-drv-st-bluest
tests_drivers_test_drv_st_bluest_SOURCES = tests/drivers/test-drv-st-bluest.c
tests_drivers_test_drv_st_bluest_CFLAGS = $(TEST_CFLAGS) $(JANSSON_CFLAGS)
tests_drivers_test_drv_st_bluest_LDADD = $(TEST_LIBS)
EXTRA_DIST += tests/vectors
CMOCKA_TESTS += tests/drivers/test-plans
tests_drivers_test_plans_SOURCES = tests/drivers/test-plans.c
tests_drivers_test_plans_CFLAGS = $(TEST_CFLAGS)
tests_drivers_test_plans_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/drivers/test-ima-adpcm
tests_drivers_test_ima_adpcm_SOURCES = tests/drivers/test-ima-adpcm.c
tests_drivers_test_ima_adpcm_CFLAGS = $(TEST_CFLAGS)
tests_drivers_test_ima_adpcm_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/drivers/test-drv-witmotion
tests_drivers_test_drv_witmotion_SOURCES = tests/drivers/test-drv-witmotion.c
tests_drivers_test_drv_witmotion_CFLAGS = $(TEST_CFLAGS) $(JANSSON_CFLAGS)
tests_drivers_test_drv_witmotion_LDADD = $(TEST_LIBS)
