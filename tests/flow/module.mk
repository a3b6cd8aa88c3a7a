# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/flow/test-flood
CMOCKA_TESTS += tests/flow/test-gateway
CMOCKA_TESTS += tests/flow/test-reconfigure
tests_flow_test_reconfigure_SOURCES = tests/flow/test-reconfigure.c \
	tests/flow/drawn-gym.h tests/flow/drawn-gym.c
CMOCKA_TESTS += tests/flow/test-page
tests_flow_test_page_CFLAGS = $(TEST_CFLAGS) $(JANSSON_CFLAGS)
CMOCKA_TESTS += tests/flow/test-remembered-time
tests_flow_test_remembered_time_CFLAGS = $(TEST_CFLAGS) $(JANSSON_CFLAGS)
INTAKE_WORLD = tests/flow/intake-world.h tests/flow/intake-world.c
CMOCKA_TESTS += tests/flow/test-intake
tests_flow_test_intake_SOURCES = tests/flow/test-intake.c $(INTAKE_WORLD)
CMOCKA_TESTS += tests/flow/test-intake-clock
tests_flow_test_intake_clock_SOURCES = tests/flow/test-intake-clock.c $(INTAKE_WORLD)
LINK_WORLD = tests/flow/link-world.h tests/flow/link-world.c
CMOCKA_TESTS += tests/flow/test-link
tests_flow_test_link_SOURCES = tests/flow/test-link.c $(LINK_WORLD)
CMOCKA_TESTS += tests/flow/test-link-bond
tests_flow_test_link_bond_SOURCES = tests/flow/test-link-bond.c $(LINK_WORLD)
CMOCKA_TESTS += tests/flow/test-link-request
tests_flow_test_link_request_SOURCES = tests/flow/test-link-request.c $(LINK_WORLD)
CMOCKA_TESTS += tests/flow/test-link-stream
tests_flow_test_link_stream_SOURCES = tests/flow/test-link-stream.c $(LINK_WORLD)
CMOCKA_TESTS += tests/flow/test-slots
GYM_CAPTURE = tests/flow/gym-capture.h tests/flow/gym-capture.c
CMOCKA_TESTS += tests/flow/test-session
tests_flow_test_session_SOURCES = tests/flow/test-session.c $(GYM_CAPTURE)
tests_flow_test_session_LDADD = $(GYM_LIBS) $(TEST_IO_LIBS)
CMOCKA_TESTS += tests/flow/test-heap
tests_flow_test_heap_SOURCES = tests/flow/test-heap.c $(GYM_CAPTURE)
tests_flow_test_heap_LDADD = $(GYM_LIBS) $(TEST_IO_LIBS)
CMOCKA_TESTS += tests/flow/test-streamed-sound
tests_flow_test_streamed_sound_SOURCES = tests/flow/test-streamed-sound.c gym/adpcm.h gym/adpcm.c \
	tests/core/pop/synthetic-sound.h tests/core/pop/synthetic-sound.c
