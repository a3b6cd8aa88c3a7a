// SPDX-License-Identifier: MIT
/* Each threshold of the decision model: one row, included with X defined. No include guard.
 * X(field, name, default, minimum, maximum, unit, "what it is, and where the default comes from")
 * Brackets cite doc/decision-model.md: sections, sources, premises, rulings; E: our own default.
 * The field of struct analysis_conf says its unit; the key in [analysis] is the name with - for _,
 * a contract. Unit "" for pure numbers. The config reader, --print-config, the man page and struct
 * analysis_conf all come from here.
 */
/* posture (decision-model.md 7.1) */
X(loss_tilt_share, loss_tilt_share, 0.45, 0.1, 2, "of S",
	"pelvic tilt, as a share of the span S, at which the flat back counts as lost (7.1, 7.5 F1)")
X(control_angle_default_deg, control_angle_default, 40, 0, 90, "deg",
	"control angle before it is known (7.1; near the female mean of Krause 2005)")
/* pops (6, 7.2) */
X(pop_posture_after_ms, pop_posture_after_ms, 150, 0, 1000, "ms",
	"posture must have passed a pop by this before it is judged (6)")
X(pop_companion_wait_ms, pop_companion_wait_ms, 400, 0, 1200, "ms",
	"how long other sensors' word of the same sound is waited for (E; a connection interval with retries)")
X(pop_wait_max_ms, pop_wait_max_ms, 1400, 200, 1500, "ms",
	"a pop is judged at the latest this long after it (6: 1.5 s, less the way to the broker)")
X(pop_late_wait_ms, pop_late_wait_ms, 100, 0, 1000, "ms",
	"a pop from a wearable's memory waits this long for others of its batch, one out of a stream for other streams (E)")
X(pop_merge_ms, pop_merge_ms, 8, 1, 50, "ms",
	"onsets of one athlete within this, and the clocks' uncertainty, are one pop (7.2)")
X(pop_merge_max_ms, pop_merge_max_ms, 50, 1, 150, "ms",
	"bound of that window however uncertain the clocks are (E)")
X(site_margin_db, site_margin_db, 3, 0, 20, "dB",
	"a second site within this of the loudest makes the site ambiguous (7.2, S6)")
X(pop_final_s, pop_final_s, 30, 1, 600, "s", "a pop is final this long after it (7.7)")
X(pop_final_symptom_s, pop_final_symptom_s, 120, 1, 600, "s",
	"the same where a symptom of the session is known (7.7)")
/* origin of a sound (7.3) */
X(origin_coincidence_ms, origin_coincidence_ms, 20, 1, 200, "ms",
	"sounds or shocks within this have one origin (7.3)")
X(origin_floor_shock_g, origin_floor_shock_g, 0.05, 0.005, 2, "g",
	"shock that counts as felt through the floor (7.3)")
X(origin_contact_air_db, origin_contact_air_db, 10, -20, 60, "dB",
	"contact level minus air level below which a sound is airborne (7.3, E)")
X(origin_room_lead_ms, origin_room_lead_ms, 1, 0, 20, "ms",
	"a room microphone that hears a sound earlier by this, and the clocks' uncertainty, leads (7.3, E)")
X(origin_loose_ms, origin_loose_ms, 1000, 0, 5000, "ms",
	"a sensor that shifted within this of a sound made it (7.3, E)")
X(loose_treble_db, loose_treble_db, 13, 3, 60, "dB",
	"a sensor that lost so much above 1 kHz, two sounds running, is loose (1.3, 7.3; Ozmen 2021)")
X(loose_level_db, loose_level_db, 6, 0, 40, "dB",
	"while it lost less than this below (1.1: nothing; E)")
X(loose_treble_share, loose_treble_share, 0.1, 0.01, 1, "",
	"share of energy above 1 kHz that it had before, at least: else there is nothing to lose (E)")
X(origin_no_air_confidence, origin_no_air_confidence, 0.7, 0, 1, "",
	"cap of the origin confidence without an ambient microphone (7.3)")
X(foot_shock_g, foot_shock_g, 0.5, 0.05, 8, "g", "shock of a foot on the floor (7.3)")
X(foot_elevation_deg, foot_elevation_deg, 10, 0, 45, "deg",
	"a leg below this can touch the floor (7.3)")
X(foot_elevation_bent_deg, foot_elevation_bent_deg, 60, 0, 90, "deg",
	"the same with bent knees (7.1: ready below 60)")
X(foot_bottom_ms, foot_bottom_ms, 150, 0, 1000, "ms",
	"a foot meets the floor within this of the bottom (7.3)")
X(tap_shock_g, tap_shock_g, 0.3, 0.05, 8, "g", "shock of a tap on the housing (7.3)")
X(tap_rise_ms, tap_rise_ms, 0.5, 0.05, 5, "ms", "rise of a tap is below this (1.3)")
X(tap_t10_ms, tap_t10_ms, 5, 1, 50, "ms", "length of a tap is below this (1.3)")
X(tap_centroid_hz, tap_centroid_hz, 2500, 500, 20000, "Hz",
	"spectral centroid of a tap is above this (1.3)")
X(tap_broad_flatness, tap_broad_flatness, 0.65, 0, 1, "",
	"in a stream: as short and steep, a spectrum flatter than this is a tap too: a joint rings (E)")
X(tap_high_flatness, tap_high_flatness, 0.55, 0, 1, "",
	"in a stream: the same where it is high, half of the tap being above what the stream carries (E)")
X(tap_high_share, tap_high_share, 0.8, 0, 1, "",
	"in a stream: share of energy above 1 kHz that is high (E)")
X(tap_steep_ms, tap_steep_ms, 0.15, 0, 5, "ms",
	"in a stream: one so high is a tap too where it rises faster than this: tissue does not (E)")
X(speech_t10_ms, speech_t10_ms, 250, 50, 2000, "ms", "speech and music last longer (7.3)")
X(speech_harmonicity, speech_harmonicity, 0.62, 0, 1, "",
	"in a stream: a sound that comes again at a voice's pitch more regularly than this is speech or music (7.2, E: cracks reached 0.59)")
X(impulse_kurtosis, impulse_kurtosis, 6, 0, 50, "", "below this a sound is no impulse (7.3)")
X(rub_t10_ms, rub_t10_ms, 80, 20, 500, "ms", "friction lasts longer (7.3)")
X(ring_t10_ms, ring_t10_ms, 18, 3, 500, "ms",
	"in a stream: time above -10 dB of a single pulse, at most: 40 ms of ringing to -40 dB are 10, and the detector's 2 ms and noise (1.3)")
X(ring_t10_more_ms, ring_t10_more_ms, 5.5, 1, 100, "ms",
	"in a stream: and of each further pulse: a crack of 5.66 ms, and the noise's part (S1)")
X(ring_clean_t10_ms, ring_clean_t10_ms, 48, 3, 500, "ms",
	"in a stream: the same of one pulse that rings down cleanly: 40 ms, and what the detector and noise add (1.3)")
X(ring_clean_snr_db, ring_clean_snr_db, 16.5, 0, 60, "dB",
	"in a stream: one that lasts longer than ring-t10-ms stands out by this: fainter ones are what is left of falling weights (E)")
X(ring_clean_hz, ring_clean_hz, 210, 10, 2000, "Hz",
	"in a stream: the spectrum of such a ring peaks above this; lower ones are of weights and feet on the floor (1.3: below 200 Hz, and what noise adds)")
X(ring_clean_bend_db, ring_clean_bend_db, 3.3, 0.5, 20, "dB",
	"in a stream: its level falls within this of a straight line, rms (E; measured on damped tones)")
X(ring_clean_sag_share, ring_clean_sag_share, 0.3, 0, 1, "",
	"in a stream: its median level is below its peak by this share of the 10 dB of T10, or of what of them stands out by detector-onset-db: half in a damped tone, 0.1 to 0.25 in a held note (E)")
X(ring_clean_flatness, ring_clean_flatness, 0.2, 0, 1, "",
	"in a stream: the spectrum of such a ring is a line: its flatness is at most this (E; 0.17 reached in noise)")
X(rub_broad_flatness, rub_broad_flatness, 0.45, 0, 1, "",
	"in a stream: several pulses whose spectrum is flatter than this are friction (1.3: broad; E: 99 of 100 trains of cracks are below)")
X(rub_sub_pulses, rub_sub_pulses, 9, 1, 50, "",
	"in a stream: more pulses in 150 ms than this are grains of friction (1.3, S2)")
X(rub_span_ms, rub_span_ms, 170, 50, 500, "ms",
	"in a stream: the pulses of a pop are over within this: 150 ms, and noise (1.3, S2)")
X(rub_train_kurtosis, rub_train_kurtosis, 5, 0, 50, "",
	"in a stream: several pulses within 60 ms are together less of an impulse than this in friction; of one pulse, impulse-kurtosis holds (1.3: 10 for one; E)")
X(rub_sag_share, rub_sag_share, 0.4, 0, 1, "",
	"in a stream: between the pulses of a pop it is quieter than its peak by this share of what it stands out of the background (E: grains leave no pauses)")
X(rub_sag_most_db, rub_sag_most_db, 34, 5, 80, "dB",
	"in a stream: what a pop stands out counts up to this: nothing falls further between pulses (E)")
X(rub_pops_per_min, rub_pops_per_min, 60, 5, 600, "1/min",
	"more sounds of one sensor than this are friction (1.4, E)")
X(evidence_snr_db, evidence_snr_db, 12, 0, 60, "dB", "peak above background that a pop needs (7.3)")
X(evidence_rise_ms, evidence_rise_ms, 5, 0.5, 25, "ms", "longest rise of a pop (7.3)")
X(evidence_train_rise_ms, evidence_train_rise_ms, 2.1, 0.5, 25, "ms",
	"in a stream: the same where it has several pulses: a crack lasts 5.66 ms in all (S1; E: 99 of 100 rise in 1.75)")
X(evidence_centroid_min_hz, evidence_centroid_min_hz, 80, 10, 1000, "Hz",
	"lowest spectral centroid of a pop (7.3, S3)")
X(evidence_centroid_max_hz, evidence_centroid_max_hz, 2500, 500, 20000, "Hz",
	"highest spectral centroid of a pop (7.3, S3)")
X(evidence_lf_ratio, evidence_lf_ratio, 0.75, 0.05, 1, "",
	"in a stream: share of energy below 100 Hz, at most: the lowest joint sound peaks at 86 Hz (S3, E)")
X(evidence_peak_max_hz, evidence_peak_max_hz, 2000, 500, 20000, "Hz",
	"in a stream: highest peak of the spectrum of a pop: 1830, and a line of it (S3)")
X(evidence_low_hz, evidence_low_hz, 160, 10, 1000, "Hz",
	"in a stream: the spectrum of feet on the floor peaks below this (1.3: below 150 Hz, and what noise adds)")
X(evidence_low_kurtosis, evidence_low_kurtosis, 9, 0, 50, "",
	"in a stream: and the pulse of a pop that low is more of an impulse than this (1.3: at least 10; less what noise takes)")
X(evidence_low_pulses, evidence_low_pulses, 3, 1, 50, "",
	"in a stream: feet do so in at most so many pulses: heel, ball and bounce (E)")
X(evidence_lead_db, evidence_lead_db, 12, 0, 60, "dB",
	"in a stream: a pop begins within this of its loudest pulse; rubbing and voices swell (E)")
X(evidence_quiet_db, evidence_quiet_db, 5, 0, 40, "dB",
	"in a stream: just before and behind a pop it is within this of the background (E: 99 of 100 pops in noise are within 3)")
X(evidence_quiet_below_db, evidence_quiet_below_db, 30, 5, 80, "dB",
	"in a stream: or below the peak by this (E)")
X(evidence_train_quiet_db, evidence_train_quiet_db, 4, 0, 40, "dB",
	"in a stream: the same where it has several pulses, or rings long, as what is no pop has (E)")
X(evidence_train_quiet_below_db, evidence_train_quiet_below_db, 40, 5, 80, "dB",
	"in a stream: or below the peak by this (E)")
/* pattern (7.4) */
X(snap_reps, snap_reps, 3, 2, 20, "", "repetitions with the pop that make a snap pattern (7.4)")
X(snap_of_reps, snap_of_reps, 5, 2, 20, "", "out of so many last ones (7.4)")
X(snap_angle_sd_deg, snap_angle_sd_deg, 8, 1, 45, "deg",
	"spread of the angle in a snap pattern (7.4, S7)")
X(snap_spacing_min, snap_spacing_min, 20, 1, 120, "min",
	"pops of a snap pattern are closer (7.4, S19)")
X(snap_hip_min_deg, snap_hip_min_deg, 15, -30, 120, "deg",
	"lowest hip flexion of a snap pattern (2.1, E)")
X(snap_hip_max_deg, snap_hip_max_deg, 60, 0, 140, "deg",
	"highest hip flexion of a snap pattern (2.1, E)")
X(snap_own_events, snap_own_events, 5, 2, 50, "",
	"pops after which the athlete's own band replaces that (2.1)")
X(snap_own_half_deg, snap_own_half_deg, 8, 1, 45, "deg",
	"least half-width of the own band, else two standard deviations (2.1, S7)")
X(cavitation_refractory_min, cavitation_refractory_min, 20, 1, 120, "min",
	"no earlier pop at that site within this (7.4, S18)")
X(cavitation_sub_pulses, cavitation_sub_pulses, 2, 1, 20, "",
	"sub-pulses that speak for it (7.4, S2)")
X(tilt_rising_deg_s, tilt_rising_deg_s, 5, 0.5, 60, "deg/s",
	"pelvic tilt rising at this or faster (7.4, E)")
X(still_speed_deg_s, still_speed, 2.5, 0.5, 20, "deg/s",
	"angular speed below which a leg is still: hysteresis of the phases (7.1)")
X(move_speed_deg_s, move_speed, 5, 1, 40, "deg/s",
	"angular speed that begins RAISE or LOWER; admits a lowering of 9 deg/s (7.1)")
X(move_hold_ms, move_hold, 150, 20, 1000, "ms",
	"how long move-speed must last for RAISE or LOWER (7.1)")
X(onset_travel_deg, onset_travel, 5, 1, 30, "deg", "travel that confirms RAISE or LOWER (7.1)")
X(top_travel_deg, top_travel, 20, 5, 60, "deg",
	"travel from the bottom to TOP and from the top to BOTTOM (7.1)")
X(top_hold_ms, top_hold, 120, 20, 1000, "ms", "stillness that makes TOP (7.1)")
X(bottom_hold_ms, bottom_hold, 150, 20, 1000, "ms", "stillness that makes BOTTOM (7.1)")
X(bottom_keep_ms, bottom_keep, 1000, 100, 10000, "ms",
	"stillness after which BOTTOM becomes READY (estimate)")
X(home_margin_deg, home_margin, 15, 5, 45, "deg",
	"a halt in lowering further above the last bottom may be on the way (estimate)")
X(stray_hold_ms, stray_hold, 1500, 300, 10000, "ms",
	"stillness after which a halt on the way is the end of the movement (estimate)")
X(ready_hold_ms, ready_hold, 300, 50, 5000, "ms", "stillness that makes READY (7.1)")
X(ready_elevation_deg, ready_elevation, 15, 5, 60, "deg",
	"READY is below this elevation, legs straight (7.1)")
X(ready_elevation_bent_deg, ready_elevation_bent, 60, 20, 90, "deg",
	"READY is below this elevation, knees bent (7.1)")
X(supine_limit_deg, supine_limit, 25, 5, 60, "deg",
	"trunk gravity this near to the calibrated one is supine (7.1)")
X(other_limit_deg, other_limit, 35, 10, 80, "deg",
	"trunk gravity this far from the calibrated one is OTHER (7.1)")
X(other_limit_hang_deg, other_limit_hang, 60, 20, 90, "deg",
	"the same when hanging, where the pelvis turns with the legs (ratio of Dewberry 2003 at 120 deg of flexion, and margin)")
X(rest_hold_s, rest_hold, 3, 1, 60, "s", "all sensors at rest for so long is REST (7.1)")
X(rep_range_min_deg, rep_range_min, 20, 5, 90, "deg", "smallest range of a repetition (7.1)")
X(rep_time_min_s, rep_time_min, 0.8, 0.1, 5, "s", "shortest repetition (7.1)")
X(rep_time_max_s, rep_time_max, 20, 2, 120, "s", "longest repetition (7.1)")
X(double_onset_ms, double_onset, 200, 20, 1000, "ms",
	"both legs beginning within this move together (7.1)")
X(double_correlation, double_correlation, 0.8, 0, 1, "",
	"correlation of both legs' elevation when they move together (7.1)")
X(loss_hold_ms, loss_hold, 100, 0, 1000, "ms",
	"tilt beyond the limit for so long while lowering is loss of the flat back (7.1)")
X(loss_tilt_hang_deg, loss_tilt_hang, 3, 1, 20, "deg",
	"the limit of tilt when hanging (7.1, warning step)")
X(repeat_limit_deg, repeat_limit, 3, 0.5, 15, "deg",
	"a leg that rests further off the zero of its calibration needs a new one (4.2)")
X(shift_limit_deg, shift_limit, 10, 4, 45, "deg",
	"gravity off the segment model by this is a sensor shift (ruling 6; Yi 2021)")
X(shift_hold_s, shift_hold, 2, 0.3, 30, "s",
	"the other sensors rest for so long before a lean counts as a shift (estimate)")
/* clocks (5) */
X(clock_step_ms, clock_step_ms, 20, 5, 500, "ms",
	"a wearable's clock that is off its line by this, three times running, has stepped (5)")
X(clock_coverage, clock_coverage, 0.7, 0, 1, "",
	"share of the connection interval's phases that must have been seen, else half the interval is uncertain (5)")
/* calibration (4.2) */
X(pose_hold_s, pose_hold_s, 2.5, 0.5, 10, "s",
	"a pose is held still for so long, of the 3 s asked for (4.2; its edges are given away)")
X(pose_still_deg_s, pose_still_deg_s, 4, 1, 20, "deg/s",
	"turning faster than this is not still (4.2, E)")
X(tilts_axis_share, tilts_axis_share, 0.9, 0.5, 1, "",
	"share of the pelvis' turning in pelvic tilts that is about one axis (4.2)")
X(tilts_out_deg, tilts_out_deg, 2.5, 1, 15, "deg", "a pelvic tilt goes at least so far (4.2, E)")
X(raises_axis_share, raises_axis_share, 0.85, 0.5, 1, "",
	"the same share of the thigh's turning in leg raises (4.2, E)")
X(raises_out_deg, raises_out_deg, 15, 5, 60, "deg", "a leg raise goes at least so far (4.2, E)")
X(raises_onset_deg, raises_onset_deg, 6, 1, 30, "deg",
	"a leg that is away from its rest by this has begun (4.2, E)")
X(span_default_deg, span_default_deg, 8.7, 4, 20, "deg",
	"S where it was not measured (4.2; Levine and Whittle 1996)")
X(span_min_deg, span_min_deg, 4, 1, 20, "deg", "a measured S below this is not believed (4.2)")
X(span_max_deg, span_max_deg, 20, 4, 60, "deg", "nor one above this (4.2)")
/* form score (7.5) */
X(form_window_ms, form_window_ms, 50, 10, 500, "ms",
	"posture at a pop is the mean within this of it (7.5)")
X(form_time_uncertainty_ms, form_time_uncertainty_ms, 50, 1, 500, "ms",
	"above this a pop cannot be put to a posture (5, 7.5)")
X(form_tilt_fault_share, form_tilt_fault_share, 0.9, 0.1, 3, "of S",
	"F1: tilt with the fault points (7.5, S28)")
X(form_tilt_severe_share, form_tilt_severe_share, 1.35, 0.1, 4, "of S",
	"F1: tilt with the most points (7.5, S28)")
X(form_tilt_fault_points, form_tilt_fault_points, 40, 0, 100, "", "F1 at the fault tilt (7.5)")
X(form_tilt_severe_points, form_tilt_severe_points, 60, 0, 100, "",
	"F1 at and beyond the severe tilt (7.5)")
X(hang_tilt_warn_deg, hang_tilt_warn_deg, 3, 0.5, 30, "deg",
	"F1 begins here where the athlete hangs (7.1, E)")
X(hang_tilt_fault_deg, hang_tilt_fault_deg, 6, 0.5, 30, "deg",
	"F1 at the fault points where the athlete hangs (7.1, E)")
X(hang_tilt_severe_deg, hang_tilt_severe_deg, 10, 0.5, 45, "deg",
	"F1 at the most points where the athlete hangs (7.1, E)")
X(form_arching_ratio, form_arching_ratio, 0.36, 0.05, 2, "",
	"F2: tilt rate against leg speed (7.5, S29)")
X(form_arching_points, form_arching_points, 10, 0, 100, "", "F2 (7.5)")
X(form_range_margin_deg, form_range_margin_deg, 5, 0, 45, "deg",
	"F3: below the control angle by more (7.5, A17)")
X(form_range_points, form_range_points, 20, 0, 100, "", "F3 (7.5)")
X(form_fast_deg_s, form_fast_deg_s, 60, 5, 500, "deg/s", "F4: fast lowering (7.5, E)")
X(form_fast_points, form_fast_points, 10, 0, 100, "", "F4 when fast (7.5)")
X(form_uncontrolled_deg_s, form_uncontrolled_deg_s, 90, 5, 800, "deg/s",
	"F4: uncontrolled lowering (7.5, E)")
X(form_uncontrolled_points, form_uncontrolled_points, 20, 0, 100, "", "F4 when uncontrolled (7.5)")
X(form_sparc_drop, form_sparc_drop, 0.4, 0.05, 5, "",
	"F5: smoothness below the own baseline by more (7.5, S42)")
X(form_sparc_points, form_sparc_points, 10, 0, 100, "", "F5 (7.5)")
X(form_sparc_reps, form_sparc_reps, 5, 1, 32, "",
	"F5: repetitions that make a baseline (ruling 17)")
X(form_asymmetry_deg, form_asymmetry_deg, 10, 1, 60, "deg", "F6: left against right leg (7.5, E)")
X(form_roll_yaw_deg, form_roll_yaw_deg, 6, 1, 60, "deg", "F6: pelvic roll or yaw (7.5, E)")
X(form_asymmetry_points, form_asymmetry_points, 10, 0, 100, "", "F6 (7.5)")
X(form_preset_share, form_preset_share, 0.25, 0.05, 2, "of S",
	"F7: tilt before the repetition (7.5, A15)")
X(form_preset_ms, form_preset_ms, 300, 50, 2000, "ms",
	"F7: mean over this before the repetition (7.5)")
X(form_preset_points, form_preset_points, 10, 0, 100, "", "F7 (7.5)")
X(form_limit, form_limit, 40, 1, 200, "", "a form fault from here (7.5)")
X(form_limit_again, form_limit_again, 30, 1, 200, "",
	"a form fault from here where one was lately (7.5)")
X(form_again_reps, form_again_reps, 3, 0, 20, "", "lately: in so many repetitions before (7.5)")
/* red flags (7.6) */
X(red_before_s, red_before_s, 60, 1, 600, "s",
	"a symptom so long before a pop belongs to it (7.6 R1, R2, R4)")
X(red_after_s, red_after_s, 30, 1, 600, "s",
	"a symptom so long after a pop belongs to it (7.6 R1, R3, R4)")
X(red_radiating_after_s, red_radiating_after_s, 120, 1, 600, "s",
	"the same for radiating pain and numbness (7.6 R2)")
X(red_mechanical_before_s, red_mechanical_before_s, 10, 0, 600, "s",
	"catching, locking, giving way so long before a pop (7.6 R3)")
X(red_slr_min_deg, red_slr_min_deg, 30, 0, 90, "deg",
	"lowest elevation at which a raise provokes radiating pain (7.6 R2, S46)")
X(red_slr_max_deg, red_slr_max_deg, 70, 0, 120, "deg", "highest (7.6 R2, S46)")
X(red_intensity_step, red_intensity_step, 2, 1, 10, "",
	"rise of discomfort on 0 to 10 that is more than chance (7.6 R4, S50)")
X(red_intensity_severe, red_intensity_severe, 7, 1, 10, "",
	"discomfort of the highest severity (7.6 R4)")
X(red_kinematic_pops, red_kinematic_pops, 2, 1, 10, "",
	"pops with a catch or a surge that make a red flag (7.6 R6)")
X(red_kinematic_reps, red_kinematic_reps, 10, 1, 100, "", "within so many repetitions (7.6 R6)")
X(red_kinematic_deg, red_kinematic_deg, 10, 1, 45, "deg", "and this of elevation (7.6 R6)")
X(red_trends, red_trends, 2, 1, 6, "", "independent trend criteria that make a red flag (7.6 R7)")
X(symptom_same_s, symptom_same_s, 2, 0, 30, "s",
	"an equal symptom within this is the same one (ruling 24)")
X(answer_s, answer_s, 60, 1, 600, "s",
	"an answer 'no pain' counts for pops so long before it (7.7)")
/* catch, lock, giving way (2.4) */
X(catch_speed_deg_s, catch_speed_deg_s, 20, 1, 200, "deg/s", "speed before an arrest (2.4, E)")
X(catch_share, catch_share, 0.25, 0.01, 0.9, "", "share of it left in an arrest (2.4, E)")
X(catch_ms, catch_ms, 80, 20, 500, "ms", "an arrest is done within this (2.4, E)")
X(catch_deceleration_deg_s2, catch_deceleration_deg_s2, 250, 10, 5000, "deg/s2",
	"least deceleration of an arrest (2.4, E)")
X(catch_before_ms, catch_before_ms, 100, 0, 1000, "ms",
	"an arrest begins at the earliest so long before the pop (2.4, E)")
X(catch_after_ms, catch_after_ms, 150, 0, 1000, "ms",
	"an arrest begins at the latest so long after the pop (2.4, E)")
X(catch_turn_deg, catch_turn_deg, 10, 0, 45, "deg",
	"an arrest is so far from the usual turning points (2.4, E)")
X(catch_recovery_share, catch_recovery_share, 0.5, 0.05, 1, "",
	"share of the speed that counts as recovered (2.4, E)")
X(catch_recovery_ms, catch_recovery_ms, 600, 50, 700, "ms",
	"recovered within this: a catch (2.4, E)")
X(lock_ms, lock_ms, 500, 50, 700, "ms", "not recovered for this: a lock (2.4, E)")
X(surge_acceleration_deg_s2, surge_acceleration_deg_s2, 400, 20, 5000, "deg/s2",
	"downward acceleration of a giving way, half of free fall (2.3, 2.4)")
X(surge_ms, surge_ms, 60, 10, 500, "ms", "for so long (2.4, E)")
X(surge_speed_deg_s, surge_speed_deg_s, 40, 5, 500, "deg/s", "and this gain of speed (2.4, E)")
X(surge_tilt_deg, surge_tilt_deg, 6, 1, 45, "deg", "or such a jump of pelvic tilt (2.4, E)")
X(surge_tilt_ms, surge_tilt_ms, 200, 20, 500, "ms", "within this (2.4, E)")
X(surge_after_ms, surge_after_ms, 300, 20, 600, "ms", "so long after the pop (2.4, E)")
/* consistency, trends and baseline (7.9) */
X(consistent_pops, consistent_pops, 3, 2, 50, "",
	"pops at a site that can be called consistent (7.9, E)")
X(consistent_phase_share, consistent_phase_share, 0.8, 0.1, 1, "",
	"share of them in one phase (7.9)")
X(consistent_angle_sd_deg, consistent_angle_sd_deg, 6, 0.5, 45, "deg",
	"spread of their angle (7.9)")
X(consistent_level_sd_db, consistent_level_sd_db, 4, 0.5, 30, "dB", "spread of their level (7.9)")
X(consistent_rep_share, consistent_rep_share, 0.6, 0.05, 1, "",
	"share of repetitions with one (7.9)")
X(consistent_isolated_min, consistent_isolated_min, 20, 1, 240, "min",
	"or none closer than this (7.9)")
X(trend_rate_p, trend_rate_p, 0.01, 0.0001, 0.2, "", "Poisson upper tail of a raised rate (7.9)")
X(trend_rate_factor, trend_rate_factor, 2, 1, 10, "", "and so many times the own rate (7.9)")
X(trend_rate_reps, trend_rate_reps, 10, 2, 100, "", "in a window of so many repetitions (7.9)")
X(trend_rate_expected_min, trend_rate_expected_min, 1, 0.1, 10, "",
	"least expected number in the window (7.9: the smallest tabulated)")
X(trend_loudness_pops, trend_loudness_pops, 5, 4, 64, "",
	"pops at one site for a trend of loudness (7.9)")
X(trend_loudness_db, trend_loudness_db, 6, 1, 40, "dB", "Theil-Sen rise over the session (7.9)")
X(trend_loudness_p, trend_loudness_p, 0.05, 0.0001, 0.5, "", "Mann-Kendall, two-sided (7.9)")
X(baseline_sessions, baseline_sessions, 3, 1, 50, "", "earlier sessions that make a baseline (7.9)")
X(baseline_pops, baseline_pops, 10, 2, 64, "", "and pops in them (7.9)")
X(baseline_angle_deg, baseline_angle_deg, 15, 1, 90, "deg", "least shift of the angle (7.9)")
X(baseline_level_db, baseline_level_db, 9, 1, 40, "dB", "least gain of loudness (7.9)")
X(baseline_mads, baseline_mads, 3, 1, 10, "", "or so many robust standard deviations (7.9)")
X(fatigue_loss_deg, fatigue_loss_deg, 10, 1, 60, "deg",
	"rise of the angle at loss of the flat back over a set (7.9)")
X(fatigue_tempo_share, fatigue_tempo_share, 0.3, 0.05, 2, "",
	"change of the lowering time over a set (7.9)")
/* cues (7.10) */
X(persistent_faults, persistent_faults, 3, 2, 20, "", "faulty repetitions that persist (7.9)")
X(persistent_reps, persistent_reps, 5, 2, 20, "", "out of so many (7.9)")
X(ladder_clean_reps, ladder_clean_reps, 3, 1, 20, "",
	"clean repetitions that lead back to the first step (ruling 16)")
X(range_margin_deg, range_margin_deg, 5, 0, 45, "deg",
	"range advice lies so far above the trouble (7.10)")
X(range_step_deg, range_step_deg, 5, 1, 30, "deg", "and is rounded up to this (7.10)")
X(range_min_deg, range_min_deg, 20, 0, 90, "deg", "least range advice (7.10)")
X(range_max_deg, range_max_deg, 75, 0, 90, "deg", "greatest range advice (7.10)")
X(range_offer_deg, range_offer_deg, 60, 0, 90, "deg",
	"from here a shorter lever is offered instead (7.10, 2.3)")
X(set_pause_s, set_pause_s, 20, 3, 600, "s",
	"a pause of so long between repetitions ends a set (7.10, E)")
X(set_reps_min, set_reps_min, 3, 1, 50, "", "a set of fewer repetitions is no progress (7.10, E)")
X(progress_sets, progress_sets, 2, 1, 20, "",
	"sets without a fault in a row after which the range advice is lowered (7.10)")
X(progress_step_deg, progress_step_deg, 5, 1, 30, "deg", "by so much (7.10)")
X(hint_repeats, hint_repeats, 0, 0, 1, "",
	"1: a benign pop that repeats while lowering brings a hint once a set, and stays benign (7.10, A13, A18: optional)")
X(cue_hold_s, cue_hold_s, 5, 0, 60, "s",
	"the same cue is not repeated within this (a cue's message expires after as long)")
/* confidence (7.8) */
X(confidence_snr_half_db, confidence_snr_half_db, 12, 0, 60, "dB",
	"signal to noise at half confidence (7.8)")
X(confidence_snr_high_db, confidence_snr_high_db, 24, 1, 80, "dB", "signal to noise at 0.95 (7.8)")
X(confidence_contact_air_full_db, confidence_contact_air_full_db, 20, 1, 60, "dB",
	"contact against air at full confidence, half of it at half (7.8, E)")
X(confidence_sync_full_ms, confidence_sync_full_ms, 10, 0, 100, "ms",
	"time uncertainty at full confidence (7.8)")
X(confidence_sync_low_ms, confidence_sync_low_ms, 50, 1, 500, "ms", "time uncertainty at 0.4 (7.8)")
X(confidence_margin_points, confidence_margin_points, 20, 1, 100, "",
	"distance of the form score from its limit at full confidence (7.8)")
X(confidence_symptom_full_s, confidence_symptom_full_s, 5, 0, 120, "s",
	"a symptom so near makes a red flag certain (7.8)")
X(confidence_symptom_edge, confidence_symptom_edge, 0.5, 0, 1, "",
	"confidence of a red flag whose symptom is at the end of its window, or before it and still open (7.8)")
X(confidence_weight_origin, confidence_weight_origin, 0.35, 0, 1, "",
	"weight (exponent) of the origin factor (7.8)")
X(confidence_weight_posture, confidence_weight_posture, 0.25, 0, 1, "",
	"weight of the posture factor (7.8)")
X(confidence_weight_symptom, confidence_weight_symptom, 0.25, 0, 1, "",
	"weight of the symptom factor (7.8)")
X(confidence_weight_margin, confidence_weight_margin, 0.15, 0, 1, "",
	"weight of the margin factor (7.8)")
X(confidence_snr_high, confidence_snr_high, 0.95, 0.55, 0.999, "",
	"origin factor at confidence-snr-high-db, on a logistic (7.8)")
X(confidence_consistent_share, confidence_consistent_share, 0.2, 0, 1, "",
	"share of the doubt about a sound's origin that goes where it comes as the athlete's others do (7.7: consistency raises confidence; share E)")
X(confidence_sync_low, confidence_sync_low, 0.4, 0, 1, "",
	"posture factor at confidence-sync-low-ms (7.8)")
X(confidence_calibration_low, confidence_calibration_low, 0.5, 0, 1, "",
	"posture factor of the poorest calibration, or without a pelvis (7.8)")
X(confidence_one_thigh, confidence_one_thigh, 0.8, 0, 1, "", "posture factor with one thigh (7.8)")
X(confidence_no_thigh, confidence_no_thigh, 0.5, 0, 1, "", "posture factor without thighs (7.8)")
X(confidence_channel_alive, confidence_channel_alive, 0.8, 0, 1, "",
	"symptom factor while a button could be heard and was not pressed (7.8)")
X(confidence_channel_none, confidence_channel_none, 0.5, 0, 1, "",
	"symptom factor without a button in reach (7.8)")
X(confidence_margin_floor, confidence_margin_floor, 0.3, 0, 1, "",
	"least margin factor, and that of an unknown form score (7.8)")
/* acoustic detector (7.2) */
X(detector_high_pass_hz, detector_high_pass_hz, 50, 10, 500, "Hz",
	"corner of the detector's high-pass (7.2)")
X(detector_low_pass_hz, detector_low_pass_hz, 2000, 500, 20000, "Hz",
	"corner of the detector's low-pass; joint sounds are at 86 to 1830 Hz (7.2; Reggars 1996)")
X(detector_floor_s, detector_floor_s, 2, 0.5, 10, "s",
	"window of the running median that is the noise floor (7.2)")
X(detector_lull_ms, detector_lull_ms, 600, 100, 2000, "ms",
	"where half of so long was quieter than that floor, it is the floor: 2 s of talk or music are over (E)")
X(detector_lull_db, detector_lull_db, 3, 0, 40, "dB", "quieter by this (E)")
X(detector_onset_db, detector_onset_db, 12, 6, 40, "dB",
	"level above the floor that begins an event, at least (7.2)")
X(detector_onset_mad, detector_onset_mad, 6, 2, 20, "",
	"level above the floor that begins an event, in median absolute deviations (7.2)")
X(detector_merge_ms, detector_merge_ms, 60, 10, 200, "ms",
	"pulses closer than this share one peak (7.2)")
X(detector_cluster_ms, detector_cluster_ms, 200, 50, 500, "ms",
	"pulses up to this after the onset are one event (7.2)")
X(detector_dead_ms, detector_dead_ms, 200, 50, 1000, "ms",
	"no new event begins so soon after an onset (7.2)")
X(detector_floor_min_dbfs, detector_floor_min_dbfs, -84, -120, -40, "dBFS",
	"no noise floor is lower: two steps of a 16-bit converter; digital silence is no background (E)")
X(detector_alone_db, detector_alone_db, 12, 0, 40, "dB",
	"a pop stands so far out of the mean level of the 250 ms before it and after its cluster (E; 1.3: speech, music and rubbing last)")
