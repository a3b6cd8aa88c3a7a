// SPDX-License-Identifier: MIT
/* The rows of analysis-list.h about finding sounds in a stream. Included there, by no one else.
 * No include guard. */
/* clicks within sound that goes on (7.3); E: from clicks of knees that swing and creak (S73), against voices and rubbing */
X(within_snr_db, within_snr_db, 20, 10, 60, "dB",
	"a click within other sound exceeds it by this (7.3, E)")
X(within_busy_share, within_busy_share, 0.15, 0, 1, "",
	"a click within other sound: at most this share of the sound around it is within 15 dB of its peak; a voice and rubbing have more (7.3, E)")
X(within_before_db, within_before_db, 13, 0, 40, "dB",
	"a click within other sound: just before it, that is no louder than this above its median (7.3, E)")
X(within_lull_db, within_lull_db, 6, 0, 40, "dB",
	"a click within other sound: just before it, that is no quieter than this below its median (7.3, E)")
X(within_t10_ms, within_t10_ms, 23, 5, 100, "ms",
	"a click within other sound is within 10 dB of its peak for no longer than this (7.3, E)")
X(within_rise_ms, within_rise_ms, 8, 1, 50, "ms",
	"a click within other sound rises within this (7.3, E)")
X(within_flatness, within_flatness, 0.4, 0, 1, "",
	"a click within other sound has at most this spectral flatness; grains of friction are broadband (7.3, E)")
X(within_dull_kurtosis, within_dull_kurtosis, 7, 0, 50, "",
	"a click within other sound with a lower kurtosis of its pulse than this is dull (7.3, E)")
X(within_dull_lull_db, within_dull_lull_db, 1.5, 0, 40, "dB",
	"a dull click within other sound: just before it, that is no quieter than this below its median, as the rumble of a dropped weight is (7.3, E)")
X(within_further_pulses, within_further_pulses, 1, 0, 10, "",
	"a click within other sound has at most this many pulses after the first (7.3, E)")
/* crepitus (7.4) */
X(crepitus_sounds, crepitus_sounds, 3, 2, 20, "",
	"this many sounds of one sensor within crepitus-s are crepitus, not pops (7.4, E)")
X(crepitus_s, crepitus_s, 1, 0.2, 5, "s",
	"a joint that creaks makes crepitus-sounds within this, in one swing of the leg (7.4, E)")
/* acoustic detector (7.2) */
X(detector_high_pass_hz, detector_high_pass_hz, 50, 10, 500, "Hz",
	"corner frequency of the detector's high-pass filter (7.2)")
X(detector_low_pass_hz, detector_low_pass_hz, 2000, 500, 20000, "Hz",
	"corner frequency of the detector's low-pass filter; joint sounds are at 86 to 1830 Hz (7.2; Reggars 1996)")
X(detector_floor_s, detector_floor_s, 2, 0.5, 10, "s",
	"window of the running median that is the noise floor (7.2)")
X(detector_lull_ms, detector_lull_ms, 600, 100, 2000, "ms",
	"when half of this window was quieter than the noise floor by detector-lull-db, it sets the floor, because 2 s of talk or music have ended (E)")
X(detector_lull_db, detector_lull_db, 3, 0, 40, "dB",
	"how far below the noise floor counts as quieter in detector-lull-ms (E)")
X(detector_onset_db, detector_onset_db, 12, 6, 40, "dB",
	"minimum level above the floor that begins an event (7.2)")
X(detector_onset_mad, detector_onset_mad, 6, 2, 20, "",
	"minimum level above the floor that begins an event, in median absolute deviations (7.2)")
X(detector_merge_ms, detector_merge_ms, 60, 10, 200, "ms",
	"pulses closer together than this share one peak (7.2)")
X(detector_cluster_ms, detector_cluster_ms, 200, 50, 500, "ms",
	"pulses up to this long after the onset are one event (7.2)")
X(detector_dead_ms, detector_dead_ms, 200, 50, 1000, "ms",
	"refractory time: no new event begins this soon after an onset (7.2)")
X(detector_transient_db, detector_transient_db, 20, 12, 40, "dB",
	"a click within sound that goes on exceeds the level of its surroundings by this (E; 20 dB of clear knee clicks are 0.99)")
X(detector_transient_ms, detector_transient_ms, 25, 5, 60, "ms",
	"a click within sound that goes on is within 10 dB of its peak for no longer than this (E)")
X(detector_floor_min_dbfs, detector_floor_min_dbfs, -84, -120, -40, "dBFS",
	"lower bound of the noise floor: two steps of a 16-bit converter, as digital silence is not a background (E)")
X(detector_alone_db, detector_alone_db, 12, 0, 40, "dB",
	"a pop exceeds the mean level of the 250 ms before it and after its cluster by this (E; 1.3: speech, music and rubbing last)")
