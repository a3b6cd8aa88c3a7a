# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/core/pop/test-acoustic-detector
# Pops and what is none, made by rule: for the tests and for bench-recall.
DETECTOR_TRIAL = tests/core/pop/detector-trial.h tests/core/pop/detector-trial.c \
	tests/core/pop/synthetic-sound.h tests/core/pop/synthetic-sound.c \
	tests/core/pop/synthetic-noise-makers.c
BORROWED_SOUND = tests/core/pop/borrowed-sound.h tests/core/pop/borrowed-sound.c
CMOCKA_TESTS += tests/core/pop/test-detector-figures
tests_core_pop_test_detector_figures_SOURCES = tests/core/pop/test-detector-figures.c $(DETECTOR_TRIAL)
CLOCK_WEARABLE = tests/core/time/clock-wearable.h tests/core/time/clock-wearable.c \
	tests/core/time/radio-sim.h
CMOCKA_TESTS += tests/core/time/test-clock-sync
tests_core_time_test_clock_sync_SOURCES = tests/core/time/test-clock-sync.c $(CLOCK_WEARABLE)
CMOCKA_TESTS += tests/core/time/test-clock-steps
tests_core_time_test_clock_steps_SOURCES = tests/core/time/test-clock-steps.c $(CLOCK_WEARABLE)

# The judge with its kits' posture played from a script: rig-body.c has its own kit_posture.
JUDGE_RIG = tests/core/verdict/rig.h tests/core/verdict/rig-private.h tests/core/verdict/rig.c \
	tests/core/verdict/rig-body.c
SCENARIO = tests/core/verdict/scenario.h tests/core/verdict/scenario.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/verdict/test-scenarios
tests_core_verdict_test_scenarios_SOURCES = tests/core/verdict/test-scenarios.c $(SCENARIO)
CMOCKA_TESTS += tests/core/verdict/test-scenarios-doubt
tests_core_verdict_test_scenarios_doubt_SOURCES = tests/core/verdict/test-scenarios-doubt.c $(SCENARIO)
CMOCKA_TESTS += tests/core/verdict/test-codes
tests_core_verdict_test_codes_SOURCES = tests/core/verdict/test-codes.c $(JUDGE_RIG)
SYNTHETIC_BODY = tests/core/posture/synthetic-body.h tests/core/posture/synthetic-body.c \
	tests/core/posture/watch.h tests/core/posture/watch.c
POSTURE_SCENE = tests/core/posture/scene.h tests/core/posture/scene.c $(SYNTHETIC_BODY)
CMOCKA_TESTS += tests/core/posture/test-kit-posture
tests_core_posture_test_kit_posture_SOURCES = tests/core/posture/test-kit-posture.c $(POSTURE_SCENE)
CMOCKA_TESTS += tests/core/posture/test-calibration
tests_core_posture_test_calibration_SOURCES = tests/core/posture/test-calibration.c $(POSTURE_SCENE)
CMOCKA_TESTS += tests/core/posture/test-kit-calibration
tests_core_posture_test_kit_calibration_SOURCES = tests/core/posture/test-kit-calibration.c $(POSTURE_SCENE)
CMOCKA_TESTS += tests/core/posture/test-kit-robustness
tests_core_posture_test_kit_robustness_SOURCES = tests/core/posture/test-kit-robustness.c $(POSTURE_SCENE)
CMOCKA_TESTS += tests/core/posture/test-repetitions
tests_core_posture_test_repetitions_SOURCES = tests/core/posture/test-repetitions.c \
	tests/core/posture/rep-set.h tests/core/posture/rep-set.c \
	tests/core/posture/rep-judge.c $(SYNTHETIC_BODY)
CMOCKA_TESTS += tests/core/posture/test-orientation
CMOCKA_TESTS += tests/core/posture/test-smoothness
CMOCKA_TESTS += tests/core/time/test-timeline
CMOCKA_TESTS += tests/core/verdict/test-judge
tests_core_verdict_test_judge_SOURCES = tests/core/verdict/test-judge.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/verdict/test-judge-properties
tests_core_verdict_test_judge_properties_SOURCES = tests/core/verdict/test-judge-properties.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/verdict/test-symptoms
tests_core_verdict_test_symptoms_SOURCES = tests/core/verdict/test-symptoms.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/verdict/test-red-held
tests_core_verdict_test_red_held_SOURCES = tests/core/verdict/test-red-held.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/verdict/test-rules
tests_core_verdict_test_rules_SOURCES = tests/core/verdict/test-rules.c tests/core/verdict/analysis-defaults.h
CMOCKA_TESTS += tests/core/verdict/test-trend
tests_core_verdict_test_trend_SOURCES = tests/core/verdict/test-trend.c tests/core/verdict/analysis-defaults.h
CMOCKA_TESTS += tests/core/verdict/test-form-score
tests_core_verdict_test_form_score_SOURCES = tests/core/verdict/test-form-score.c tests/core/verdict/analysis-defaults.h
CMOCKA_TESTS += tests/core/verdict/test-kinematic
CMOCKA_TESTS += tests/core/verdict/test-profiles
tests_core_verdict_test_profiles_SOURCES = tests/core/verdict/test-profiles.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/verdict/test-sessions
tests_core_verdict_test_sessions_SOURCES = tests/core/verdict/test-sessions.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/verdict/test-sets
tests_core_verdict_test_sets_SOURCES = tests/core/verdict/test-sets.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/verdict/test-memory
tests_core_verdict_test_memory_SOURCES = tests/core/verdict/test-memory.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/pop/test-sound-features
CMOCKA_TESTS += tests/core/pop/test-pop-origin
