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
	"pelvic tilt at which the flat back counts as lost, as a share of the span S from neutral to flat back (7.1, 7.5 F1)")
X(control_angle_default_deg, control_angle_default, 40, 0, 90, "deg",
	"control angle while the athlete's own is unknown (7.1; near the female mean of Krause 2005)")
/* pops (6, 7.2) */
X(pop_posture_after_ms, pop_posture_after_ms, 150, 0, 1000, "ms",
	"a pop is judged once posture is known up to this long after it (6)")
X(pop_companion_wait_ms, pop_companion_wait_ms, 400, 0, 1200, "ms",
	"how long to wait for other sensors that detected the same sound (E: a connection interval and its retries)")
X(pop_wait_max_ms, pop_wait_max_ms, 1400, 200, 1500, "ms",
	"a pop is judged no later than this after it (6: 1.5 s, minus the time to reach the broker)")
X(pop_late_wait_ms, pop_late_wait_ms, 100, 0, 1000, "ms",
	"how long a pop resent from a wearable's memory waits for the rest of its batch, and a pop found in a stream for other streams (E)")
X(pop_merge_ms, pop_merge_ms, 8, 1, 50, "ms",
	"onsets on one athlete closer together than this plus the clock uncertainty are one pop (7.2)")
X(pop_merge_max_ms, pop_merge_max_ms, 50, 1, 150, "ms",
	"maximum of pop-merge-ms plus the clock uncertainty (E)")
X(site_margin_db, site_margin_db, 3, 0, 20, "dB",
	"the site of a pop is ambiguous if another site is within this of the loudest (7.2, S6)")
X(pop_final_s, pop_final_s, 30, 1, 600, "s", "the verdict on a pop is final after this long (7.7)")
X(pop_final_symptom_s, pop_final_symptom_s, 120, 1, 600, "s",
	"the verdict on a pop is final after this long if the session has a symptom (7.7)")
/* origin of a sound (7.3) */
X(origin_coincidence_ms, origin_coincidence_ms, 20, 1, 200, "ms",
	"sounds and shocks closer together than this have the same origin (7.3)")
X(origin_floor_shock_g, origin_floor_shock_g, 0.05, 0.005, 2, "g",
	"minimum shock that counts as transmitted through the floor (7.3)")
X(origin_contact_air_db, origin_contact_air_db, 10, -20, 60, "dB",
	"a sound is airborne if the contact level exceeds the air level by less than this (7.3, E)")
X(origin_room_lead_ms, origin_room_lead_ms, 1, 0, 20, "ms",
	"a room microphone leads if it receives the sound earlier by this plus the clock uncertainty (7.3, E)")
X(origin_loose_ms, origin_loose_ms, 1000, 0, 5000, "ms",
	"a sensor that shifts within this of a sound is its cause (7.3, E)")
X(loose_treble_db, loose_treble_db, 13, 3, 60, "dB",
	"a sensor is loose if it loses this much above 1 kHz in two sounds in a row (1.3, 7.3; Ozmen 2021)")
X(loose_level_db, loose_level_db, 6, 0, 40, "dB",
	"a sensor is loose only if it loses less than this below 1 kHz (1.1: nothing; E)")
X(loose_treble_share, loose_treble_share, 0.1, 0.01, 1, "",
	"a sensor is loose only if at least this share of its energy was above 1 kHz before the loss (E)")
X(origin_no_air_confidence, origin_no_air_confidence, 0.7, 0, 1, "",
	"maximum confidence in the origin of a sound without an ambient microphone (7.3)")
X(foot_shock_g, foot_shock_g, 0.5, 0.05, 8, "g", "minimum shock of a foot on the floor (7.3)")
X(foot_elevation_deg, foot_elevation_deg, 10, 0, 45, "deg",
	"a straight leg can touch the floor below this elevation (7.3)")
X(foot_elevation_bent_deg, foot_elevation_bent_deg, 60, 0, 90, "deg",
	"a leg with a bent knee can touch the floor below this elevation (7.1: ready below 60)")
X(foot_bottom_ms, foot_bottom_ms, 150, 0, 1000, "ms",
	"a foot touches the floor within this of the bottom of a repetition (7.3)")
X(tap_shock_g, tap_shock_g, 0.3, 0.05, 8, "g", "minimum shock of a tap on the housing (7.3)")
X(tap_rise_ms, tap_rise_ms, 0.5, 0.05, 5, "ms", "a tap rises faster than this (1.3)")
X(tap_t10_ms, tap_t10_ms, 5, 1, 50, "ms", "a tap is shorter than this (1.3)")
X(tap_centroid_hz, tap_centroid_hz, 2500, 500, 20000, "Hz",
	"the spectral centroid of a tap is above this (1.3)")
X(tap_broad_flatness, tap_broad_flatness, 0.65, 0, 1, "",
	"in a stream: a sound as short and steep is also a tap if its spectrum is flatter than this, because a joint rings (E)")
X(tap_high_flatness, tap_high_flatness, 0.55, 0, 1, "",
	"in a stream: tap-broad-flatness for a high-pitched sound, as half of a tap lies above the band of the stream (E)")
X(tap_high_share, tap_high_share, 0.8, 0, 1, "",
	"in a stream: minimum share of energy above 1 kHz in a high-pitched sound (E)")
X(tap_steep_ms, tap_steep_ms, 0.15, 0, 5, "ms",
	"in a stream: a high-pitched sound is also a tap if it rises faster than this, because tissue does not (E)")
X(speech_t10_ms, speech_t10_ms, 250, 50, 2000, "ms", "speech and music last longer than this (7.3)")
X(speech_harmonicity, speech_harmonicity, 0.62, 0, 1, "",
	"in a stream: a sound more periodic than this at the pitch of a voice is speech or music (7.2, E: cracks reached 0.59)")
X(impulse_kurtosis, impulse_kurtosis, 6, 0, 50, "",
	"a sound with a lower kurtosis than this is not an impulse (7.3)")
X(rub_t10_ms, rub_t10_ms, 80, 20, 500, "ms", "friction lasts longer than this (7.3)")
X(ring_t10_ms, ring_t10_ms, 18, 3, 500, "ms",
	"in a stream: maximum time above -10 dB of a single pulse: 10 ms if it rings down by 40 dB in 40 ms, plus the detector's 2 ms and noise (1.3)")
X(ring_t10_more_ms, ring_t10_more_ms, 5.5, 1, 100, "ms",
	"in a stream: added to ring-t10-ms for each further pulse: the 5.66 ms of a crack, minus what noise hides (S1)")
X(ring_clean_t10_ms, ring_clean_t10_ms, 48, 3, 500, "ms",
	"in a stream: ring-t10-ms for a single pulse that decays cleanly: 40 ms, plus what the detector and noise add (1.3)")
X(ring_clean_snr_db, ring_clean_snr_db, 16.5, 0, 60, "dB",
	"in a stream: a pulse longer than ring-t10-ms (a long ring) must stand out by this; fainter ones are the tails of falling weights (E)")
X(ring_clean_hz, ring_clean_hz, 210, 10, 2000, "Hz",
	"in a stream: the spectrum of a long ring peaks above this; weights and feet on the floor peak lower (1.3: below 200 Hz, plus what noise adds)")
X(ring_clean_bend_db, ring_clean_bend_db, 3.3, 0.5, 20, "dB",
	"in a stream: the decay of a long ring stays within this of a straight line, rms (E; measured on damped tones)")
X(ring_clean_sag_share, ring_clean_sag_share, 0.3, 0, 1, "",
	"in a stream: the median level of a long ring is below its peak by this share of the 10 dB of T10, or of the part of them above detector-onset-db: half in a damped tone, 0.1 to 0.25 in a held note (E)")
X(ring_clean_flatness, ring_clean_flatness, 0.2, 0, 1, "",
	"in a stream: maximum flatness of the spectrum of a long ring, which is a line (E; 0.17 reached in noise)")
X(rub_broad_flatness, rub_broad_flatness, 0.45, 0, 1, "",
	"in a stream: several pulses with a flatter spectrum than this are friction (1.3: broad; E: 99 of 100 trains of cracks are below)")
X(rub_sub_pulses, rub_sub_pulses, 9, 1, 50, "",
	"in a stream: more pulses than this in 150 ms are grains of friction (1.3, S2)")
X(rub_span_ms, rub_span_ms, 170, 50, 500, "ms",
	"in a stream: the last pulse of a pop ends within this: 150 ms, plus noise (1.3, S2)")
X(rub_train_kurtosis, rub_train_kurtosis, 5, 0, 50, "",
	"in a stream: several pulses within 60 ms with a lower kurtosis than this are friction; for a single pulse see impulse-kurtosis (1.3: 10 for one; E)")
X(rub_sag_share, rub_sag_share, 0.4, 0, 1, "",
	"in a stream: between the pulses of a pop the level falls by at least this share of its peak above the background (E: grains leave no pauses)")
X(rub_sag_most_db, rub_sag_most_db, 34, 5, 80, "dB",
	"in a stream: a higher peak above the background counts as this in rub-sag-share, as the level falls no further between pulses (E)")
X(rub_pops_per_min, rub_pops_per_min, 60, 5, 600, "1/min",
	"more sounds a minute than this from one sensor are friction (1.4, E)")
X(evidence_snr_db, evidence_snr_db, 12, 0, 60, "dB",
	"minimum peak of a pop above the background (7.3)")
X(evidence_rise_ms, evidence_rise_ms, 5, 0.5, 25, "ms", "maximum rise time of a pop (7.3)")
X(evidence_train_rise_ms, evidence_train_rise_ms, 2.1, 0.5, 25, "ms",
	"in a stream: maximum rise time of a pop of several pulses: a crack lasts 5.66 ms in all (S1; E: 99 of 100 rise in 1.75)")
X(evidence_centroid_min_hz, evidence_centroid_min_hz, 80, 10, 1000, "Hz",
	"minimum spectral centroid of a pop (7.3, S3)")
X(evidence_centroid_max_hz, evidence_centroid_max_hz, 2500, 500, 20000, "Hz",
	"maximum spectral centroid of a pop (7.3, S3)")
X(evidence_lf_ratio, evidence_lf_ratio, 0.75, 0.05, 1, "",
	"in a stream: maximum share of a pop's energy below 100 Hz; the lowest joint sound peaks at 86 Hz (S3, E)")
X(evidence_peak_max_hz, evidence_peak_max_hz, 2000, 500, 20000, "Hz",
	"in a stream: maximum frequency of a pop's spectral peak: 1830 Hz, plus the width of a line (S3)")
X(evidence_low_hz, evidence_low_hz, 160, 10, 1000, "Hz",
	"in a stream: the spectrum of feet on the floor peaks below this (1.3: below 150 Hz, plus what noise adds)")
X(evidence_low_kurtosis, evidence_low_kurtosis, 9, 0, 50, "",
	"in a stream: minimum kurtosis of a pop whose spectrum peaks below evidence-low-hz (1.3: at least 10, minus what noise takes)")
X(evidence_low_pulses, evidence_low_pulses, 3, 1, 50, "",
	"in a stream: feet on the floor make at most this many pulses: heel, ball and bounce (E)")
X(evidence_lead_db, evidence_lead_db, 12, 0, 60, "dB",
	"in a stream: a pop begins within this of its loudest pulse; rubbing and voices swell (E)")
X(evidence_quiet_db, evidence_quiet_db, 5, 0, 40, "dB",
	"in a stream: just before and after a pop the level is within this of the background (E: 99 of 100 pops in noise are within 3)")
X(evidence_quiet_below_db, evidence_quiet_below_db, 30, 5, 80, "dB",
	"in a stream: or the level just before and after a pop is below its peak by this (E)")
X(evidence_train_quiet_db, evidence_train_quiet_db, 4, 0, 40, "dB",
	"in a stream: evidence-quiet-db for several pulses or a long ring, which other sounds have too (E)")
X(evidence_train_quiet_below_db, evidence_train_quiet_below_db, 40, 5, 80, "dB",
	"in a stream: evidence-quiet-below-db for several pulses or a long ring (E)")
/* pattern (7.4) */
X(snap_reps, snap_reps, 3, 2, 20, "",
	"number of repetitions with the pop that make a snap pattern (7.4)")
X(snap_of_reps, snap_of_reps, 5, 2, 20, "",
	"how many recent repetitions are searched for a snap pattern (7.4)")
X(snap_angle_sd_deg, snap_angle_sd_deg, 8, 1, 45, "deg",
	"maximum standard deviation of the angle in a snap pattern (7.4, S7)")
X(snap_spacing_min, snap_spacing_min, 20, 1, 120, "min",
	"maximum time between the pops of a snap pattern (7.4, S19)")
X(snap_hip_min_deg, snap_hip_min_deg, 15, -30, 120, "deg",
	"minimum hip flexion of a snap pattern (2.1, E)")
X(snap_hip_max_deg, snap_hip_max_deg, 60, 0, 140, "deg",
	"maximum hip flexion of a snap pattern (2.1, E)")
X(snap_own_events, snap_own_events, 5, 2, 50, "",
	"number of pops after which the athlete's own range replaces snap-hip-min-deg and snap-hip-max-deg (2.1)")
X(snap_own_half_deg, snap_own_half_deg, 8, 1, 45, "deg",
	"minimum half-width of the athlete's own range, which is two standard deviations (2.1, S7)")
X(cavitation_refractory_min, cavitation_refractory_min, 20, 1, 120, "min",
	"a cavitation pattern needs this long without a pop at the site (7.4, S18)")
X(cavitation_sub_pulses, cavitation_sub_pulses, 2, 1, 20, "",
	"number of sub-pulses that indicates cavitation (7.4, S2)")
X(tilt_rising_deg_s, tilt_rising_deg_s, 5, 0.5, 60, "deg/s",
	"the pelvic tilt is rising at this rate or faster (7.4, E)")
X(still_speed_deg_s, still_speed, 2.5, 0.5, 20, "deg/s",
	"a leg is still below this angular speed; less than move-speed, for hysteresis (7.1)")
X(move_speed_deg_s, move_speed, 5, 1, 40, "deg/s",
	"angular speed that begins RAISE or LOWER; low enough for a lowering at 9 deg/s (7.1)")
X(move_hold_ms, move_hold, 150, 20, 1000, "ms",
	"how long move-speed must last to begin RAISE or LOWER (7.1)")
X(onset_travel_deg, onset_travel, 5, 1, 30, "deg",
	"angle that a leg must travel to confirm RAISE or LOWER (7.1)")
X(top_travel_deg, top_travel, 5.5, 2, 60, "deg",
	"minimum angle that a leg must travel from the bottom for TOP, and from the top for BOTTOM; more in a set of large repetitions (7.1)")
X(top_hold_ms, top_hold, 120, 20, 1000, "ms", "how long a leg must be still for TOP (7.1)")
X(bottom_hold_ms, bottom_hold, 150, 20, 1000, "ms", "how long a leg must be still for BOTTOM (7.1)")
X(bottom_keep_ms, bottom_keep, 1000, 100, 10000, "ms",
	"how long a leg must be still for BOTTOM to become READY (estimate)")
X(home_margin_deg, home_margin, 15, 5, 45, "deg",
	"a halt while lowering, more than this above the last bottom, may be a pause on the way down (estimate)")
X(stray_hold_ms, stray_hold, 1500, 300, 10000, "ms",
	"a pause on the way down ends the movement after this long (estimate)")
X(ready_hold_ms, ready_hold, 300, 50, 5000, "ms", "how long a leg must be still for READY (7.1)")
X(ready_elevation_deg, ready_elevation, 15, 5, 60, "deg",
	"READY is below this elevation with straight legs (7.1)")
X(ready_elevation_bent_deg, ready_elevation_bent, 60, 20, 90, "deg",
	"READY is below this elevation with bent knees (7.1)")
X(supine_limit_deg, supine_limit, 25, 5, 60, "deg",
	"the trunk is supine while gravity is within this of its calibrated direction (7.1)")
X(other_limit_deg, other_limit, 35, 10, 80, "deg",
	"the phase is OTHER when gravity is further than this from its calibrated direction in the trunk (7.1)")
X(other_limit_hang_deg, other_limit_hang, 60, 20, 90, "deg",
	"other-limit while hanging, where the pelvis turns with the legs (ratio of Dewberry 2003 at 120 deg of flexion, plus a margin)")
X(rest_hold_s, rest_hold, 3, 1, 60, "s",
	"the phase is REST once all sensors have been at rest for this long (7.1)")
X(rep_range_min_deg, rep_range_min, 5.5, 2, 90, "deg",
	"minimum range of a repetition: 6 deg, less the error of an angle (7.1)")
X(rep_range_share, rep_range_share, 0.25, 0, 0.9, "",
	"minimum range of a repetition as a share of the median of its set (7.1)")
X(rep_forget_s, rep_forget, 10, 2, 120, "s",
	"a set, and what is usual in it, ends after this long without a movement (7.1)")
X(rep_pause_share, rep_pause_share, 0.3, 0.05, 0.9, "",
	"a halt further up than this share of the range is a pause, not the end of a repetition (7.1)")
X(rep_end_ms, rep_end, 400, 100, 1500, "ms",
	"how long a leg must be at rest for a repetition to end above home-margin (7.1)")
X(rep_turn_share, rep_turn_share, 0.4, 0.1, 0.9, "",
	"a leg that rises again ends the repetition if it has lowered by this share of the range; otherwise it reversed early (7.1, E)")
X(rep_low_share, rep_low_share, 0.8, 0.1, 0.95, "",
	"a repetition is of low amplitude below this share of the athlete's usual range (7.1, E)")
X(rep_fast_share, rep_fast_share, 0.65, 0.1, 0.95, "",
	"a repetition is fast below this share of the athlete's usual time (7.1, E)")
X(rep_time_min_s, rep_time_min, 0.8, 0.1, 5, "s", "minimum duration of a repetition (7.1)")
X(rep_time_max_s, rep_time_max, 20, 2, 120, "s", "maximum duration of a repetition (7.1)")
X(double_onset_ms, double_onset, 200, 20, 1000, "ms",
	"legs that begin within this of each other move together (7.1)")
X(double_correlation, double_correlation, 0.8, 0, 1, "",
	"minimum correlation of the elevations of legs that move together (7.1)")
X(loss_hold_ms, loss_hold, 100, 0, 1000, "ms",
	"the flat back is lost once the tilt has exceeded its limit for this long while lowering (7.1)")
X(loss_tilt_hang_deg, loss_tilt_hang, 3, 1, 20, "deg",
	"limit of the tilt while hanging (7.1, warning step)")
X(repeat_limit_deg, repeat_limit, 3, 0.5, 15, "deg",
	"a leg that rests further than this from its calibrated zero needs a new calibration (4.2)")
X(shift_limit_deg, shift_limit, 10, 4, 45, "deg",
	"a sensor has shifted when gravity is this far from what the model of its body segment gives (ruling 6; Yi 2021)")
X(shift_hold_s, shift_hold, 2, 0.3, 30, "s",
	"how long the other sensors must rest before a leaning sensor counts as shifted (estimate)")
/* clocks (5) */
X(clock_step_ms, clock_step_ms, 20, 5, 500, "ms",
	"a wearable's clock has jumped when it is off its fitted line by this three times in a row (5)")
X(clock_coverage, clock_coverage, 0.7, 0, 1, "",
	"share of the connection interval's phases that must have been seen; otherwise half the interval counts as uncertainty (5)")
/* calibration (4.2) */
X(pose_hold_s, pose_hold_s, 2.5, 0.5, 10, "s",
	"how much of the 3 s of a pose must be still (4.2; the rest is for getting into it and out of it)")
X(pose_still_deg_s, pose_still_deg_s, 4, 1, 20, "deg/s",
	"maximum turning speed while holding a pose (4.2, E)")
X(tilts_axis_share, tilts_axis_share, 0.9, 0.5, 1, "",
	"minimum share of the pelvis's rotation in pelvic tilts that is about one axis (4.2)")
X(tilts_out_deg, tilts_out_deg, 2.5, 1, 15, "deg", "minimum angle of a pelvic tilt (4.2, E)")
X(raises_axis_share, raises_axis_share, 0.85, 0.5, 1, "",
	"minimum share of the thigh's rotation in leg raises that is about one axis (4.2, E)")
X(raises_out_deg, raises_out_deg, 15, 5, 60, "deg", "minimum angle of a leg raise (4.2, E)")
X(raises_onset_deg, raises_onset_deg, 6, 1, 30, "deg",
	"a leg raise has begun when the leg is this far from where it rested (4.2, E)")
X(span_default_deg, span_default_deg, 8.7, 4, 20, "deg",
	"span S to use if it was not measured (4.2; Levine and Whittle 1996)")
X(span_min_deg, span_min_deg, 4, 1, 20, "deg", "minimum plausible span S (4.2)")
X(span_max_deg, span_max_deg, 20, 4, 60, "deg", "maximum plausible span S (4.2)")
/* form score (7.5) */
X(form_window_ms, form_window_ms, 50, 10, 500, "ms",
	"posture at a pop is the mean from this long before it to this long after it (7.5)")
X(form_time_uncertainty_ms, form_time_uncertainty_ms, 50, 1, 500, "ms",
	"a pop whose time is less certain than this is not matched to a posture (5, 7.5)")
X(form_tilt_fault_share, form_tilt_fault_share, 0.9, 0.1, 3, "of S",
	"F1: tilt that gives form-tilt-fault-points (7.5, S28)")
X(form_tilt_severe_share, form_tilt_severe_share, 1.35, 0.1, 4, "of S",
	"F1: tilt that gives form-tilt-severe-points, the maximum (7.5, S28)")
X(form_tilt_fault_points, form_tilt_fault_points, 40, 0, 100, "",
	"F1: points at form-tilt-fault-share (7.5)")
X(form_tilt_severe_points, form_tilt_severe_points, 60, 0, 100, "",
	"F1: points at form-tilt-severe-share and above (7.5)")
X(hang_tilt_warn_deg, hang_tilt_warn_deg, 3, 0.5, 30, "deg",
	"F1 while hanging: tilt above which points are given (7.1, E)")
X(hang_tilt_fault_deg, hang_tilt_fault_deg, 6, 0.5, 30, "deg",
	"F1 while hanging: tilt that gives form-tilt-fault-points (7.1, E)")
X(hang_tilt_severe_deg, hang_tilt_severe_deg, 10, 0.5, 45, "deg",
	"F1 while hanging: tilt that gives form-tilt-severe-points (7.1, E)")
X(form_arching_ratio, form_arching_ratio, 0.36, 0.05, 2, "",
	"F2: ratio of tilt rate to leg speed that counts as arching (7.5, S29)")
X(form_arching_points, form_arching_points, 10, 0, 100, "", "F2: points for arching (7.5)")
X(form_range_margin_deg, form_range_margin_deg, 5, 0, 45, "deg",
	"F3: how far below the control angle a leg may go (7.5, A17)")
X(form_range_points, form_range_points, 20, 0, 100, "", "F3: points for going lower (7.5)")
X(form_fast_deg_s, form_fast_deg_s, 60, 5, 500, "deg/s",
	"F4: lowering faster than this is fast (7.5, E)")
X(form_fast_points, form_fast_points, 10, 0, 100, "", "F4: points for a fast lowering (7.5)")
X(form_uncontrolled_deg_s, form_uncontrolled_deg_s, 90, 5, 800, "deg/s",
	"F4: lowering faster than this is uncontrolled (7.5, E)")
X(form_uncontrolled_points, form_uncontrolled_points, 20, 0, 100, "",
	"F4: points for an uncontrolled lowering (7.5)")
X(form_sparc_drop, form_sparc_drop, 0.4, 0.05, 5, "",
	"F5: how far smoothness may drop below the athlete's own baseline (7.5, S42)")
X(form_sparc_points, form_sparc_points, 10, 0, 100, "", "F5: points for a larger drop (7.5)")
X(form_sparc_reps, form_sparc_reps, 5, 1, 32, "",
	"F5: number of repetitions that make a baseline (ruling 17)")
X(form_asymmetry_deg, form_asymmetry_deg, 10, 1, 60, "deg",
	"F6: minimum difference between the legs that gives points (7.5, E)")
X(form_roll_yaw_deg, form_roll_yaw_deg, 6, 1, 60, "deg",
	"F6: minimum pelvic roll or yaw that gives points (7.5, E)")
X(form_asymmetry_points, form_asymmetry_points, 10, 0, 100, "",
	"F6: points for a difference between the legs, or for roll or yaw (7.5)")
X(form_preset_share, form_preset_share, 0.25, 0.05, 2, "of S",
	"F7: minimum tilt just before a repetition begins that gives points (7.5, A15)")
X(form_preset_ms, form_preset_ms, 300, 50, 2000, "ms",
	"F7: time just before a repetition over which the tilt is averaged (7.5)")
X(form_preset_points, form_preset_points, 10, 0, 100, "", "F7: points for that tilt (7.5)")
X(form_limit, form_limit, 40, 1, 200, "", "minimum form score of a form fault (7.5)")
X(form_limit_again, form_limit_again, 30, 1, 200, "",
	"minimum form score of a form fault soon after another one (7.5)")
X(form_again_reps, form_again_reps, 3, 0, 20, "",
	"a form fault within this many repetitions of another one is soon after it (7.5)")
/* red flags (7.6) */
X(red_before_s, red_before_s, 60, 1, 600, "s",
	"a symptom up to this long before a pop belongs to it (7.6 R1, R2, R4)")
X(red_after_s, red_after_s, 30, 1, 600, "s",
	"a symptom up to this long after a pop belongs to it (7.6 R1, R3, R4)")
X(red_radiating_after_s, red_radiating_after_s, 120, 1, 600, "s",
	"radiating pain or numbness up to this long after a pop belongs to it (7.6 R2)")
X(red_mechanical_before_s, red_mechanical_before_s, 10, 0, 600, "s",
	"catching, locking or giving way up to this long before a pop belongs to it (7.6 R3)")
X(red_slr_min_deg, red_slr_min_deg, 30, 0, 90, "deg",
	"minimum elevation at which a raise provokes radiating pain (7.6 R2, S46)")
X(red_slr_max_deg, red_slr_max_deg, 70, 0, 120, "deg",
	"maximum elevation at which a raise provokes radiating pain (7.6 R2, S46)")
X(red_intensity_step, red_intensity_step, 2, 1, 10, "",
	"minimum rise of discomfort, on a scale of 0 to 10, that is more than chance (7.6 R4, S50)")
X(red_intensity_severe, red_intensity_severe, 7, 1, 10, "",
	"discomfort that gives a red flag the highest severity (7.6 R4)")
X(red_kinematic_pops, red_kinematic_pops, 2, 1, 10, "",
	"number of pops with a catch or a surge that make a red flag (7.6 R6)")
X(red_kinematic_reps, red_kinematic_reps, 10, 1, 100, "",
	"the pops of red-kinematic-pops come within this many repetitions (7.6 R6)")
X(red_kinematic_deg, red_kinematic_deg, 10, 1, 45, "deg",
	"the pops of red-kinematic-pops come within this of the same elevation (7.6 R6)")
X(red_trends, red_trends, 2, 1, 6, "",
	"number of independent trend criteria that make a red flag (7.6 R7)")
X(symptom_same_s, symptom_same_s, 2, 0, 30, "s",
	"a symptom reported again within this is the same one (ruling 24)")
X(answer_s, answer_s, 60, 1, 600, "s",
	"the answer 'no pain' counts for pops up to this long before it (7.7)")
/* catch, lock, giving way (2.4) */
X(catch_speed_deg_s, catch_speed_deg_s, 20, 1, 200, "deg/s",
	"minimum speed before an arrest, a sudden stop of the leg (2.4, E)")
X(catch_share, catch_share, 0.25, 0.01, 0.9, "",
	"maximum share of that speed left after an arrest (2.4, E)")
X(catch_ms, catch_ms, 80, 20, 500, "ms", "an arrest is complete within this (2.4, E)")
X(catch_deceleration_deg_s2, catch_deceleration_deg_s2, 250, 10, 5000, "deg/s2",
	"minimum deceleration of an arrest (2.4, E)")
X(catch_before_ms, catch_before_ms, 100, 0, 1000, "ms",
	"an arrest begins at most this long before the pop (2.4, E)")
X(catch_after_ms, catch_after_ms, 150, 0, 1000, "ms",
	"an arrest begins at most this long after the pop (2.4, E)")
X(catch_turn_deg, catch_turn_deg, 10, 0, 45, "deg",
	"an arrest is at least this far from the usual turning points (2.4, E)")
X(catch_recovery_share, catch_recovery_share, 0.5, 0.05, 1, "",
	"share of the speed before an arrest that counts as recovered (2.4, E)")
X(catch_recovery_ms, catch_recovery_ms, 600, 50, 700, "ms",
	"an arrest that recovers within this is a catch (2.4, E)")
X(lock_ms, lock_ms, 500, 50, 700, "ms",
	"an arrest that does not recover for this long is a lock (2.4, E)")
X(surge_acceleration_deg_s2, surge_acceleration_deg_s2, 400, 20, 5000, "deg/s2",
	"minimum downward acceleration of a leg that gives way: half of free fall (2.3, 2.4)")
X(surge_ms, surge_ms, 60, 10, 500, "ms", "how long surge-acceleration-deg-s2 must last (2.4, E)")
X(surge_speed_deg_s, surge_speed_deg_s, 40, 5, 500, "deg/s",
	"minimum speed gained by a leg that gives way (2.4, E)")
X(surge_tilt_deg, surge_tilt_deg, 6, 1, 45, "deg", "or minimum jump of the pelvic tilt (2.4, E)")
X(surge_tilt_ms, surge_tilt_ms, 200, 20, 500, "ms", "maximum duration of that jump (2.4, E)")
X(surge_after_ms, surge_after_ms, 300, 20, 600, "ms",
	"a leg gives way at most this long after the pop (2.4, E)")
/* consistency, trends and baseline (7.9) */
X(consistent_pops, consistent_pops, 3, 2, 50, "",
	"minimum number of pops at a site before they can be called consistent (7.9, E)")
X(consistent_phase_share, consistent_phase_share, 0.8, 0.1, 1, "",
	"minimum share of consistent pops in one phase (7.9)")
X(consistent_angle_sd_deg, consistent_angle_sd_deg, 6, 0.5, 45, "deg",
	"maximum standard deviation of the angle of consistent pops (7.9)")
X(consistent_level_sd_db, consistent_level_sd_db, 4, 0.5, 30, "dB",
	"maximum standard deviation of the level of consistent pops (7.9)")
X(consistent_rep_share, consistent_rep_share, 0.6, 0.05, 1, "",
	"minimum share of repetitions with a consistent pop (7.9)")
X(consistent_isolated_min, consistent_isolated_min, 20, 1, 240, "min",
	"or minimum time between any two consistent pops (7.9)")
X(trend_rate_p, trend_rate_p, 0.01, 0.0001, 0.2, "",
	"a pop rate is raised if its upper-tail Poisson probability is at most this (7.9)")
X(trend_rate_factor, trend_rate_factor, 2, 1, 10, "",
	"and if it is at least this many times the athlete's own rate (7.9)")
X(trend_rate_reps, trend_rate_reps, 10, 2, 100, "",
	"number of repetitions over which a pop rate is counted (7.9)")
X(trend_rate_expected_min, trend_rate_expected_min, 1, 0.1, 10, "",
	"minimum expected number of pops in trend-rate-reps (7.9: the smallest tabulated)")
X(trend_loudness_pops, trend_loudness_pops, 5, 4, 64, "",
	"minimum number of pops at one site for a loudness trend (7.9)")
X(trend_loudness_db, trend_loudness_db, 6, 1, 40, "dB",
	"minimum Theil-Sen rise over the session of a loudness trend (7.9)")
X(trend_loudness_p, trend_loudness_p, 0.05, 0.0001, 0.5, "",
	"maximum two-sided Mann-Kendall p-value of a loudness trend (7.9)")
X(baseline_sessions, baseline_sessions, 3, 1, 50, "",
	"minimum number of earlier sessions for a baseline (7.9)")
X(baseline_pops, baseline_pops, 10, 2, 64, "", "minimum number of pops in those sessions (7.9)")
X(baseline_angle_deg, baseline_angle_deg, 15, 1, 90, "deg",
	"minimum shift of the angle from the baseline (7.9)")
X(baseline_level_db, baseline_level_db, 9, 1, 40, "dB",
	"minimum gain of loudness over the baseline (7.9)")
X(baseline_mads, baseline_mads, 3, 1, 10, "",
	"or this many robust standard deviations of the baseline, if that is more (7.9)")
X(fatigue_loss_deg, fatigue_loss_deg, 10, 1, 60, "deg",
	"fatigue: minimum rise over a set of the angle at which the flat back is lost (7.9)")
X(fatigue_tempo_share, fatigue_tempo_share, 0.3, 0.05, 2, "",
	"fatigue: minimum change over a set of the lowering time (7.9)")
/* cues (7.10) */
X(persistent_faults, persistent_faults, 3, 2, 20, "",
	"number of repetitions with a fault that make it persistent (7.9)")
X(persistent_reps, persistent_reps, 5, 2, 20, "",
	"how many recent repetitions are searched for a persistent fault (7.9)")
X(ladder_clean_reps, ladder_clean_reps, 3, 1, 20, "",
	"number of clean repetitions after which cues return to the first step of the cue ladder (ruling 16)")
X(range_margin_deg, range_margin_deg, 5, 0, 45, "deg",
	"range advice is this far above the angle at which the problem occurred (7.10)")
X(range_step_deg, range_step_deg, 5, 1, 30, "deg",
	"range advice is rounded up to a multiple of this (7.10)")
X(range_min_deg, range_min_deg, 20, 0, 90, "deg", "lowest angle that range advice gives (7.10)")
X(range_max_deg, range_max_deg, 75, 0, 90, "deg", "highest angle that range advice gives (7.10)")
X(range_offer_deg, range_offer_deg, 60, 0, 90, "deg",
	"if range advice would be this angle or higher, bent knees or one leg at a time is offered instead (7.10, 2.3)")
X(set_pause_s, set_pause_s, 20, 3, 600, "s",
	"a pause this long between repetitions ends a set (7.10, E)")
X(set_reps_min, set_reps_min, 3, 1, 50, "",
	"minimum number of repetitions for a set to count as progress (7.10, E)")
X(progress_sets, progress_sets, 2, 1, 20, "",
	"number of consecutive sets without a fault after which range advice is lowered (7.10)")
X(progress_step_deg, progress_step_deg, 5, 1, 30, "deg",
	"how much range advice is lowered after progress-sets (7.10)")
X(hint_repeats, hint_repeats, 0, 0, 1, "",
	"1: give one hint a set for a benign pop that repeats while lowering; it stays benign (7.10, A13, A18: optional)")
X(cue_hold_s, cue_hold_s, 5, 0, 60, "s",
	"the same cue is not repeated within this; its message expires after the same time")
/* confidence (7.8) */
X(confidence_snr_half_db, confidence_snr_half_db, 12, 0, 60, "dB",
	"signal-to-noise ratio at half confidence (7.8)")
X(confidence_snr_high_db, confidence_snr_high_db, 24, 1, 80, "dB",
	"signal-to-noise ratio at the confidence of confidence-snr-high (7.8)")
X(confidence_contact_air_full_db, confidence_contact_air_full_db, 20, 1, 60, "dB",
	"contact level above air level at full confidence; half of it gives half (7.8, E)")
X(confidence_sync_full_ms, confidence_sync_full_ms, 10, 0, 100, "ms",
	"time uncertainty at full confidence (7.8)")
X(confidence_sync_low_ms, confidence_sync_low_ms, 50, 1, 500, "ms",
	"time uncertainty at the confidence of confidence-sync-low (7.8)")
X(confidence_margin_points, confidence_margin_points, 20, 1, 100, "",
	"distance of the form score from its limit at full confidence (7.8)")
X(confidence_symptom_full_s, confidence_symptom_full_s, 5, 0, 120, "s",
	"a symptom this close to a pop makes a red flag certain (7.8)")
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
	"origin factor at confidence-snr-high-db, on a logistic curve (7.8)")
X(confidence_consistent_share, confidence_consistent_share, 0.2, 0, 1, "",
	"share of the doubt about a sound's origin that is removed if it resembles the athlete's other pops (7.7: consistency raises confidence; share E)")
X(confidence_sync_low, confidence_sync_low, 0.4, 0, 1, "",
	"posture factor at confidence-sync-low-ms (7.8)")
X(confidence_calibration_low, confidence_calibration_low, 0.5, 0, 1, "",
	"posture factor with the poorest calibration, or without a pelvis sensor (7.8)")
X(confidence_one_thigh, confidence_one_thigh, 0.8, 0, 1, "",
	"posture factor with one thigh sensor (7.8)")
X(confidence_no_thigh, confidence_no_thigh, 0.5, 0, 1, "",
	"posture factor without thigh sensors (7.8)")
X(confidence_channel_alive, confidence_channel_alive, 0.8, 0, 1, "",
	"symptom factor while a button was in reach and not pressed (7.8)")
X(confidence_channel_none, confidence_channel_none, 0.5, 0, 1, "",
	"symptom factor without a button in reach (7.8)")
X(confidence_margin_floor, confidence_margin_floor, 0.3, 0, 1, "",
	"minimum margin factor; also used if the form score is unknown (7.8)")
#include "coxad/core/analysis-sound-list.h"
