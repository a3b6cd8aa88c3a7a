# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/core/pop/test-acoustic-detector
tests_core_pop_test_acoustic_detector_SOURCES = tests/core/pop/test-acoustic-detector.c
tests_core_pop_test_acoustic_detector_CFLAGS = $(TEST_CFLAGS)
tests_core_pop_test_acoustic_detector_LDADD = $(TEST_LIBS)
# Pops and what is none, made by rule: for the tests and for bench-recall.
DETECTOR_TRIAL = tests/core/pop/detector-trial.h tests/core/pop/detector-trial.c \
	tests/core/pop/synthetic-sound.h tests/core/pop/synthetic-sound.c \
	tests/core/pop/synthetic-noise-makers.c
CMOCKA_TESTS += tests/core/pop/test-detector-figures
tests_core_pop_test_detector_figures_SOURCES = tests/core/pop/test-detector-figures.c $(DETECTOR_TRIAL)
tests_core_pop_test_detector_figures_CFLAGS = $(TEST_CFLAGS)
tests_core_pop_test_detector_figures_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/time/test-clock-sync
tests_core_time_test_clock_sync_SOURCES = tests/core/time/test-clock-sync.c tests/core/time/radio-sim.h
tests_core_time_test_clock_sync_CFLAGS = $(TEST_CFLAGS)
tests_core_time_test_clock_sync_LDADD = $(TEST_LIBS)

# The judge with its kits' posture played from a script: rig.c has its own kit_posture.
JUDGE_RIG = tests/core/verdict/rig.h tests/core/verdict/rig.c
CMOCKA_TESTS += tests/core/verdict/test-scenarios
tests_core_verdict_test_scenarios_SOURCES = tests/core/verdict/test-scenarios.c $(JUDGE_RIG)
tests_core_verdict_test_scenarios_CFLAGS = $(TEST_CFLAGS)
tests_core_verdict_test_scenarios_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/verdict/test-codes
tests_core_verdict_test_codes_SOURCES = tests/core/verdict/test-codes.c $(JUDGE_RIG)
tests_core_verdict_test_codes_CFLAGS = $(TEST_CFLAGS)
tests_core_verdict_test_codes_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/posture/test-kit-posture
tests_core_posture_test_kit_posture_SOURCES = tests/core/posture/test-kit-posture.c \
	tests/core/posture/synthetic-body.h tests/core/posture/synthetic-body.c \
	tests/core/posture/watch.h tests/core/posture/watch.c
tests_core_posture_test_kit_posture_CFLAGS = $(TEST_CFLAGS)
tests_core_posture_test_kit_posture_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/posture/test-calibration
tests_core_posture_test_calibration_SOURCES = tests/core/posture/test-calibration.c \
	tests/core/posture/synthetic-body.h tests/core/posture/synthetic-body.c \
	tests/core/posture/watch.h tests/core/posture/watch.c
tests_core_posture_test_calibration_CFLAGS = $(TEST_CFLAGS)
tests_core_posture_test_calibration_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/posture/test-repetitions
tests_core_posture_test_repetitions_SOURCES = tests/core/posture/test-repetitions.c \
	tests/core/posture/rep-set.h tests/core/posture/rep-set.c \
	tests/core/posture/rep-judge.c \
	tests/core/posture/synthetic-body.h tests/core/posture/synthetic-body.c \
	tests/core/posture/watch.h tests/core/posture/watch.c
tests_core_posture_test_repetitions_CFLAGS = $(TEST_CFLAGS)
tests_core_posture_test_repetitions_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/posture/test-orientation
tests_core_posture_test_orientation_SOURCES = tests/core/posture/test-orientation.c
tests_core_posture_test_orientation_CFLAGS = $(TEST_CFLAGS)
tests_core_posture_test_orientation_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/posture/test-smoothness
tests_core_posture_test_smoothness_SOURCES = tests/core/posture/test-smoothness.c
tests_core_posture_test_smoothness_CFLAGS = $(TEST_CFLAGS)
tests_core_posture_test_smoothness_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/time/test-timeline
tests_core_time_test_timeline_SOURCES = tests/core/time/test-timeline.c
tests_core_time_test_timeline_CFLAGS = $(TEST_CFLAGS)
tests_core_time_test_timeline_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/verdict/test-judge
tests_core_verdict_test_judge_SOURCES = tests/core/verdict/test-judge.c $(JUDGE_RIG)
tests_core_verdict_test_judge_CFLAGS = $(TEST_CFLAGS)
tests_core_verdict_test_judge_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/verdict/test-red-held
tests_core_verdict_test_red_held_SOURCES = tests/core/verdict/test-red-held.c $(JUDGE_RIG)
tests_core_verdict_test_red_held_CFLAGS = $(TEST_CFLAGS)
tests_core_verdict_test_red_held_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/verdict/test-rules
tests_core_verdict_test_rules_SOURCES = tests/core/verdict/test-rules.c
tests_core_verdict_test_rules_CFLAGS = $(TEST_CFLAGS)
tests_core_verdict_test_rules_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/verdict/test-kinematic
tests_core_verdict_test_kinematic_SOURCES = tests/core/verdict/test-kinematic.c
tests_core_verdict_test_kinematic_CFLAGS = $(TEST_CFLAGS)
tests_core_verdict_test_kinematic_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/verdict/test-sessions
tests_core_verdict_test_sessions_SOURCES = tests/core/verdict/test-sessions.c $(JUDGE_RIG)
tests_core_verdict_test_sessions_CFLAGS = $(TEST_CFLAGS)
tests_core_verdict_test_sessions_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/verdict/test-memory
tests_core_verdict_test_memory_SOURCES = tests/core/verdict/test-memory.c $(JUDGE_RIG)
tests_core_verdict_test_memory_CFLAGS = $(TEST_CFLAGS)
tests_core_verdict_test_memory_LDADD = $(TEST_LIBS)
CMOCKA_TESTS += tests/core/pop/test-pop-origin
tests_core_pop_test_pop_origin_SOURCES = tests/core/pop/test-pop-origin.c
tests_core_pop_test_pop_origin_CFLAGS = $(TEST_CFLAGS)
tests_core_pop_test_pop_origin_LDADD = $(TEST_LIBS)
