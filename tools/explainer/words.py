# SPDX-License-Identifier: MIT
"""What coxad's codes mean, in plain English. This is the only place for it; a test compares the tables
with include/coxad/core/terms.h. The texts say what was observed or reported, never what an athlete
might have."""

FOOTER = ("Training aid, not medical advice. With pain, numbness or giving way: stop and seek "
          "qualified help.")

# class: (headline, what it means)
CLASS = {
    "benign": ("ORDINARY SOUND", "Nothing speaks against going on."),
    "form_fault": ("CORRECT THE FORM", "At that instant the posture was beyond what the athlete can "
                   "control. Come back up, then correct it."),
    "red_flag": ("STOP AND CHECK WITH THE ATHLETE", "The athlete reported a symptom, or moved as if "
                 "there were one. Only a person can withdraw this."),
    "review": ("ASK THE ATHLETE", "Something does not fit, or the sensors could not tell. The "
               "athlete's answer decides."),
    "not_a_pop": ("NOT FROM THE BODY", "There was a sound, but no joint made it."),
    "symptom_only": ("STOP AND CHECK WITH THE ATHLETE", "The athlete reported a symptom without a "
                     "pop."),
}

SEVERITY = {0: "for information", 1: "ask, or make a note", 2: "correct now: reverse the repetition",
            3: "stop the set", 4: "stop the session"}

STATE = {
    "provisional": "first verdict, from what was known at once",
    "final": "the time in which a symptom could still be linked to it is over",
    "revised": "judged again because something became known",
}

PHASE = {
    "offline": "no data from the posture sensors",
    "uncal": "not calibrated",
    "other": "standing, walking or changing position",
    "rest": "at rest",
    "ready": "lying ready before the raise",
    "raise": "raising",
    "top": "at the top",
    "lower": "lowering",
    "bottom": "at the bottom",
}

PATTERN = {
    "UNSPECIFIED": "no known pattern",
    "TENDON_SNAP_LIKE": "recurs at the same angle in the same phase",
    "CAVITATION_LIKE": "a single crack at the low back, the first there in a while",
    "CREPITUS": "many clicks in one swing, or a click in a joint that creaks",
}

CODE = {
    "PAIN_SHARP": "sharp, shooting or stinging pain was reported",
    "PAIN_RADIATING": "radiating pain or numbness was reported",
    "SLR_RANGE": "it came while raising the leg, in the range that is known to provoke it",
    "DISCOMFORT_NEW": "discomfort was reported, for the first time this session",
    "DISCOMFORT_INCREASING": "discomfort was reported, clearly stronger than before",
    "MECH_CATCHING": "the athlete reported catching",
    "MECH_LOCKING": "the athlete reported locking",
    "MECH_GIVING_WAY": "the athlete reported giving way",
    "PAIN_BEFORE_POP": "the symptom came before the pop",
    "PAIN_AFTER_POP": "the symptom came after the pop",
    "SYMPTOM_OPEN": "a symptom of this session has not been cleared by the trainer",
    "SYMPTOM_OTHER_REGION": "a symptom of another body region was reported; it was not linked",
    "KIN_CATCH": "the leg stopped abruptly at the pop, then went on",
    "KIN_LOCK": "the leg stopped abruptly at the pop and did not go on",
    "KIN_CATCH_REPEAT": "the leg stopped abruptly at about the same angle more than once",
    "KIN_GIVING_WAY": "the leg dropped or the pelvis jumped just after the pop",
    "KIN_GIVING_WAY_REPEAT": "the leg dropped at about the same angle more than once",
    "TREND_RATE": "pops are clearly more frequent than usual for this athlete",
    "TREND_LOUDNESS": "the pops became clearly louder over the session",
    "BASELINE_ANGLE_SHIFT": "it came at a different angle than in earlier sessions",
    "BASELINE_LOUDER": "it was louder than in earlier sessions",
    "BASELINE_NEW_SITE": "it came at a site that had none in earlier sessions",
    "BASELINE_NEW_PHASE": "it came in a phase that had none in earlier sessions",
    "ANTERIOR_TILT": "the pelvis was tilted forward: the low back was off the floor",
    "ARCHING_NOW": "the low back was arching further at that instant",
    "RANGE_BEYOND_CONTROL": "the leg was lower than the athlete can hold with a flat back",
    "LOWERING_TOO_FAST": "the leg came down too fast",
    "NOT_SMOOTH": "the lowering was less smooth than usual for this athlete",
    "ASYMMETRY": "the legs were apart, or the pelvis was rotated",
    "NO_PRESET_TILT": "the low back was not flat before the repetition began",
    "FORM_PERSISTENT": "form faults keep coming back over the last repetitions",
    "CONSISTENT": "like the athlete's other pops: same site, phase, angle and level",
    "FIRST_SEEN": "the first of its kind from this athlete",
    "NOT_EXERCISING": "it came outside the exercise, so form was not judged",
    "EARLY_REVERSAL": "the athlete came back up before the bottom, as is right after a pop",
    "PATTERN_TENDON_SNAP_LIKE": PATTERN["TENDON_SNAP_LIKE"],
    "PATTERN_CAVITATION_LIKE": PATTERN["CAVITATION_LIKE"],
    "PATTERN_UNSPECIFIED": PATTERN["UNSPECIFIED"],
    "PATTERN_CREPITUS": PATTERN["CREPITUS"],
    "PELVIS_SENSOR_MISSING": "no data from the pelvis sensor, so the tilt is unknown",
    "THIGH_SENSOR_MISSING": "no data from a thigh sensor",
    "LUMBAR_PROXY_USED": "no lumbar sensor: pelvic tilt stands in for the curve of the low back",
    "UNCALIBRATED": "the kit was not calibrated, so angles are unknown",
    "SENSOR_SHIFT": "a sensor has shifted on the body since calibration",
    "SENSOR_LOOSE": "a sensor was loose",
    "CLOCK_UNSYNC": "the instant is too uncertain to match the pop to a posture",
    "CLOCK_STEP": "the wearable's clock jumped near that instant",
    "LATE_DATA": "data arrived late; it was judged again with them",
    "NO_AMBIENT_MIC": "no microphone in the room, so room noise is harder to rule out",
    "SITE_AMBIGUOUS": "two sites picked it up almost equally loud",
    "ATHLETE_AMBIGUOUS": "it may have been another athlete's, or left and right are swapped",
    "SYMPTOM_CHANNEL_DOWN": "the athlete's button was out of reach, so silence does not mean 'no pain'",
    "ENVIRONMENT_IMPACT": "something fell or was struck in the room",
    "FOOT_CONTACT": "a foot touched the floor",
    "SENSOR_TAP": "the sensor's housing was tapped",
    "SPEECH_MUSIC": "long and without an impulse, like speech or music",
    "AIRBORNE": "louder in the air than on the skin: it came from outside the body",
    "FRICTION_RUB": "long and grainy, or very frequent, like a strap that rubs",
    "LOW_EVIDENCE": "too faint, too slow or of the wrong pitch to be sure",
    "FATIGUE": "range or tempo declines over the set",
    "RANGE_CLIPPED": "the movement or sound exceeded the sensor's measuring range",
    "SENSOR_FAULTY": "a sensor gave what no working sensor gives",
}

CUE = {
    "NONE": "no cue",
    "POSTERIOR_TILT": "press the low back into the floor",
    "BRACE": "tighten the belly before lifting, keep breathing",
    "REDUCE_RANGE": "lower less far",
    "SLOW_LOWERING": "slower on the way down",
    "BENT_KNEE": "bend the knees",
    "SINGLE_LEG": "one leg at a time",
    "BENT_SINGLE": "bend the knees and use one leg at a time",
    "END_EXERCISE": "end this exercise",
    "END_SET": "end this set: control is fading",
    "LEG_ROTATION": "turn the leg out a little more, or less",
    "REVERSE": "back up now",
    "STOP": "stop and ask about pain",
    "ASK_SYMPTOM": "ask whether it felt different, or hurt",
    "FIX_SENSOR": "fasten the sensor, then calibrate",
    "RECALIBRATE": "calibrate again",
}

# f1 .. f7: (reason code, what it measures)
FORM = {
    "f1": ("ANTERIOR_TILT", "low back off the floor"),
    "f2": ("ARCHING_NOW", "arching further just then"),
    "f3": ("RANGE_BEYOND_CONTROL", "lower than controlled"),
    "f4": ("LOWERING_TOO_FAST", "lowering too fast"),
    "f5": ("NOT_SMOOTH", "lowering not smooth"),
    "f6": ("ASYMMETRY", "left and right apart"),
    "f7": ("NO_PRESET_TILT", "not flat before the start"),
}
