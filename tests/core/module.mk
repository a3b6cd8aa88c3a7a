# SPDX-License-Identifier: MIT
CMOCKA_TESTS += tests/core/test-health
CMOCKA_TESTS += tests/core/fleet/test-brain-lead
CMOCKA_TESTS += tests/core/fleet/test-fleet-assign
CMOCKA_TESTS += tests/core/fleet/test-fleet-properties
tests_core_fleet_test_fleet_properties_SOURCES = tests/core/fleet/test-fleet-properties.c \
	tests/core/fleet/drawn-fleet.h tests/core/fleet/drawn-fleet.c
CMOCKA_TESTS += tests/core/fleet/test-radio-buffer
CMOCKA_TESTS += tests/core/fleet/test-radio-clock
CMOCKA_TESTS += tests/core/fleet/test-radio-delivery
tests_core_fleet_test_radio_delivery_SOURCES = tests/core/fleet/test-radio-delivery.c \
	tests/core/fleet/lossy-way.h tests/core/fleet/lossy-way.c
CMOCKA_TESTS += tests/core/fleet/test-radio-inbox
CMOCKA_TESTS += tests/core/pop/test-acoustic-detector
# Pops and what is none, made by rule: for the tests and for bench-recall.
DETECTOR_TRIAL = tests/core/pop/detector-trial.h tests/core/pop/detector-trial.c \
	tests/core/pop/poor-microphone.h tests/core/pop/poor-microphone.c \
	tests/core/pop/synthetic-sound.h tests/core/pop/synthetic-sound.c \
	tests/core/pop/synthetic-noise-makers.c
BORROWED_SOUND = tests/core/pop/borrowed-sound.h tests/core/pop/borrowed-sound.c
TESTS += tests/core/pop/knee-clicks
dist_noinst_SCRIPTS += tests/core/pop/knee-clicks
CMOCKA_TESTS += tests/core/pop/test-detector-figures
tests_core_pop_test_detector_figures_SOURCES = tests/core/pop/test-detector-figures.c $(DETECTOR_TRIAL)
CMOCKA_TESTS += tests/core/pop/test-poor-sound
tests_core_pop_test_poor_sound_SOURCES = tests/core/pop/test-poor-sound.c $(DETECTOR_TRIAL)
CLOCK_WEARABLE = tests/core/time/clock-wearable.h tests/core/time/clock-wearable.c \
	tests/core/time/radio-sim.h
CMOCKA_TESTS += tests/core/time/test-clock-sync
tests_core_time_test_clock_sync_SOURCES = tests/core/time/test-clock-sync.c $(CLOCK_WEARABLE)
CMOCKA_TESTS += tests/core/time/test-clock-steps
tests_core_time_test_clock_steps_SOURCES = tests/core/time/test-clock-steps.c $(CLOCK_WEARABLE)

# The judge with its kits' posture played from a script: rig-body.c has its own kit_posture.
JUDGE_RIG = tests/core/judge/rig.h tests/core/judge/rig-private.h tests/core/judge/rig.c \
	tests/core/judge/rig-body.c
SCENARIO = tests/core/judge/scenario.h tests/core/judge/scenario.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/judge/test-scenarios
tests_core_judge_test_scenarios_SOURCES = tests/core/judge/test-scenarios.c $(SCENARIO)
CMOCKA_TESTS += tests/core/judge/test-scenarios-doubt
tests_core_judge_test_scenarios_doubt_SOURCES = tests/core/judge/test-scenarios-doubt.c $(SCENARIO)
CMOCKA_TESTS += tests/core/judge/test-codes
tests_core_judge_test_codes_SOURCES = tests/core/judge/test-codes.c $(JUDGE_RIG)
SYNTHETIC_BODY = tests/core/posture/synthetic-body.h tests/core/posture/synthetic-body.c \
	tests/core/posture/watch.h tests/core/posture/watch.c
POSTURE_SCENE = tests/core/posture/scene.h tests/core/posture/scene.c $(SYNTHETIC_BODY)
CMOCKA_TESTS += tests/core/posture/test-kit-posture
tests_core_posture_test_kit_posture_SOURCES = tests/core/posture/test-kit-posture.c $(POSTURE_SCENE)
CMOCKA_TESTS += tests/core/posture/test-calibration
tests_core_posture_test_calibration_SOURCES = tests/core/posture/test-calibration.c $(POSTURE_SCENE)
CMOCKA_TESTS += tests/core/posture/test-kit-calibration
tests_core_posture_test_kit_calibration_SOURCES = tests/core/posture/test-kit-calibration.c $(POSTURE_SCENE)
AXES_SCENE = tests/core/posture/axes-scene.h tests/core/posture/axes-scene.c $(POSTURE_SCENE)
CMOCKA_TESTS += tests/core/posture/test-axes
tests_core_posture_test_axes_SOURCES = tests/core/posture/test-axes.c $(AXES_SCENE)
CMOCKA_TESTS += tests/core/posture/test-assumed-axes
tests_core_posture_test_assumed_axes_SOURCES = tests/core/posture/test-assumed-axes.c $(AXES_SCENE)
CMOCKA_TESTS += tests/core/posture/test-aside
tests_core_posture_test_aside_SOURCES = tests/core/posture/test-aside.c $(POSTURE_SCENE)
CMOCKA_TESTS += tests/core/posture/test-sensor-faults
tests_core_posture_test_sensor_faults_SOURCES = tests/core/posture/test-sensor-faults.c $(POSTURE_SCENE)
CMOCKA_TESTS += tests/core/posture/test-sensor-defects
tests_core_posture_test_sensor_defects_SOURCES = tests/core/posture/test-sensor-defects.c \
	tests/bench/trial.h tests/bench/trial.c $(POSTURE_SCENE)
tests_core_posture_test_sensor_defects_CFLAGS = $(TEST_CFLAGS) $(ZLIB_CFLAGS)
tests_core_posture_test_sensor_defects_LDADD = $(TEST_LIBS) $(ZLIB_LIBS)
CMOCKA_TESTS += tests/core/posture/test-kit-robustness
tests_core_posture_test_kit_robustness_SOURCES = tests/core/posture/test-kit-robustness.c $(POSTURE_SCENE)
CMOCKA_TESTS += tests/core/posture/test-people
tests_core_posture_test_people_SOURCES = tests/core/posture/test-people.c \
	tests/core/posture/people.h tests/core/posture/people.c $(SYNTHETIC_BODY)
tests_core_posture_test_people_LDADD = $(GYM_LIBS) $(TEST_LIBS)
CMOCKA_TESTS += tests/core/posture/test-repetitions
tests_core_posture_test_repetitions_SOURCES = tests/core/posture/test-repetitions.c \
	tests/core/posture/rep-set.h tests/core/posture/rep-set.c \
	tests/core/posture/rep-judge.c $(SYNTHETIC_BODY)
CMOCKA_TESTS += tests/core/posture/test-orientation
CMOCKA_TESTS += tests/core/posture/test-smoothness
CMOCKA_TESTS += tests/core/time/test-timeline
CMOCKA_TESTS += tests/core/judge/test-judge
tests_core_judge_test_judge_SOURCES = tests/core/judge/test-judge.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/judge/test-judge-properties
tests_core_judge_test_judge_properties_SOURCES = tests/core/judge/test-judge-properties.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/judge/test-symptoms
tests_core_judge_test_symptoms_SOURCES = tests/core/judge/test-symptoms.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/judge/test-red-held
tests_core_judge_test_red_held_SOURCES = tests/core/judge/test-red-held.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/rules/test-rules
tests_core_rules_test_rules_SOURCES = tests/core/rules/test-rules.c tests/core/rules/analysis-defaults.h
CMOCKA_TESTS += tests/core/rules/test-trend
tests_core_rules_test_trend_SOURCES = tests/core/rules/test-trend.c tests/core/rules/analysis-defaults.h
CMOCKA_TESTS += tests/core/rules/test-form-score
tests_core_rules_test_form_score_SOURCES = tests/core/rules/test-form-score.c tests/core/rules/analysis-defaults.h
CMOCKA_TESTS += tests/core/rules/test-kinematic
CMOCKA_TESTS += tests/core/judge/test-profiles
tests_core_judge_test_profiles_SOURCES = tests/core/judge/test-profiles.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/judge/test-sessions
tests_core_judge_test_sessions_SOURCES = tests/core/judge/test-sessions.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/judge/test-crepitus
tests_core_judge_test_crepitus_SOURCES = tests/core/judge/test-crepitus.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/judge/test-sets
tests_core_judge_test_sets_SOURCES = tests/core/judge/test-sets.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/judge/test-memory
tests_core_judge_test_memory_SOURCES = tests/core/judge/test-memory.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/judge/test-memory-late
tests_core_judge_test_memory_late_SOURCES = tests/core/judge/test-memory-late.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/judge/test-kits
tests_core_judge_test_kits_SOURCES = tests/core/judge/test-kits.c $(JUDGE_RIG)
CMOCKA_TESTS += tests/core/pop/test-sound-features
CMOCKA_TESTS += tests/core/pop/test-pop-origin
