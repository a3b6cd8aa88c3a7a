# SPDX-License-Identifier: MIT
"""What the words of coxad mean, for a person. The one place for it; a test holds the tables against
the lists of include/coxad/core/terms.h. They tell what was observed or reported, never what an
athlete might have."""

FOOTER = ("Training aid. It says nothing about health: with pain, numbness or giving way, stop and "
          "seek qualified help.")

# class: (headline, what it means)
CLASS = {
    "benign": ("ORDINARY SOUND", "Nothing speaks against going on."),
    "form_fault": ("CORRECT THE FORM", "The posture at that instant was beyond what the athlete "
                   "controls. Come back up, then correct it."),
    "red_flag": ("STOP AND CHECK WITH THE ATHLETE", "A complaint, or signs that stand for one, "
                 "belong to this sound. Only a person takes this back."),
    "review": ("ASK THE ATHLETE", "Something does not fit, or the sensors could not tell. An "
               "answer decides."),
    "not_a_pop": ("NOT FROM THE BODY", "A sound was heard, but no joint made it."),
    "symptom_only": ("STOP AND CHECK WITH THE ATHLETE", "A complaint without a sound that "
                     "belongs to it."),
}

SEVERITY = {0: "for information", 1: "ask, or note", 2: "correct now: reverse the repetition",
            3: "stop the set", 4: "stop the session"}

STATE = {
    "provisional": "first judgement, by what was known at once",
    "final": "the time in which a complaint could still come is over",
    "revised": "judged anew, because something became known",
}

PHASE = {
    "offline": "no data from the posture sensors",
    "uncal": "not calibrated",
    "other": "standing, walking or between positions",
    "rest": "at rest",
    "ready": "lying ready, before the raise",
    "raise": "raising",
    "top": "at the top",
    "lower": "lowering",
    "bottom": "at the bottom",
}

PATTERN = {
    "UNSPECIFIED": "no known pattern",
    "TENDON_SNAP_LIKE": "comes again and again at the same angle and in the same phase",
    "CAVITATION_LIKE": "a lone crack at the low back, none there for a while before",
}

CODE = {
    "PAIN_SHARP": "sharp, shooting or stinging pain was reported",
    "PAIN_RADIATING": "pain that radiates, or numbness, was reported",
    "SLR_RANGE": "and it came while raising, at the elevation that is known to provoke it",
    "DISCOMFORT_NEW": "discomfort was reported, new in this session",
    "DISCOMFORT_INCREASING": "discomfort was reported, clearly more than before",
    "MECH_CATCHING": "the athlete reported that it caught",
    "MECH_LOCKING": "the athlete reported that it locked",
    "MECH_GIVING_WAY": "the athlete reported that it gave way",
    "PAIN_BEFORE_POP": "the complaint came before the sound",
    "PAIN_AFTER_POP": "the complaint came after the sound",
    "SYMPTOM_OPEN": "a complaint of this session has not been cleared by the trainer",
    "SYMPTOM_OTHER_REGION": "a complaint about another region was reported; it was not linked",
    "KIN_CATCH": "the leg stopped abruptly at the sound, and went on soon after",
    "KIN_LOCK": "the leg stopped abruptly at the sound, and did not go on",
    "KIN_CATCH_REPEAT": "it stopped abruptly at about the same angle more than once",
    "KIN_GIVING_WAY": "the leg dropped or the pelvis jumped just after the sound",
    "KIN_GIVING_WAY_REPEAT": "it dropped at about the same angle more than once",
    "TREND_RATE": "sounds come clearly more often than is usual for this athlete",
    "TREND_LOUDNESS": "the sounds became clearly louder over the session",
    "BASELINE_ANGLE_SHIFT": "it came at another angle than in earlier sessions",
    "BASELINE_LOUDER": "it was louder than in earlier sessions",
    "BASELINE_NEW_SITE": "it came at a site where earlier sessions had none",
    "BASELINE_NEW_PHASE": "it came in a phase of the movement where earlier sessions had none",
    "ANTERIOR_TILT": "the pelvis was tilted forward: the low back had left the floor",
    "ARCHING_NOW": "the low back was arching further at that very instant",
    "RANGE_BEYOND_CONTROL": "the leg was lower than the athlete can hold with a flat back",
    "LOWERING_TOO_FAST": "the leg came down too fast",
    "NOT_SMOOTH": "the lowering was less smooth than is usual for this athlete",
    "ASYMMETRY": "left and right were apart, or the pelvis was turned",
    "NO_PRESET_TILT": "the low back was not flat before the repetition began",
    "FORM_PERSISTENT": "form faults keep coming back over the last repetitions",
    "CONSISTENT": "the same as the athlete's other sounds: same site, phase, angle and level",
    "FIRST_SEEN": "the first of its kind from this athlete",
    "NOT_EXERCISING": "it came outside the exercise, so form was not judged",
    "EARLY_REVERSAL": "the athlete came back up before the bottom, as is right after a sound",
    "PATTERN_TENDON_SNAP_LIKE": PATTERN["TENDON_SNAP_LIKE"],
    "PATTERN_CAVITATION_LIKE": PATTERN["CAVITATION_LIKE"],
    "PATTERN_UNSPECIFIED": PATTERN["UNSPECIFIED"],
    "PELVIS_SENSOR_MISSING": "the pelvis sensor gave no data, so the tilt is not known",
    "THIGH_SENSOR_MISSING": "a thigh sensor gave no data",
    "LUMBAR_PROXY_USED": "no lumbar sensor: the pelvic tilt stands in for the low back's curve",
    "UNCALIBRATED": "the kit was not calibrated, so angles are not known",
    "SENSOR_SHIFT": "a sensor has shifted on the body since the calibration",
    "SENSOR_LOOSE": "a sensor was loose",
    "CLOCK_UNSYNC": "the instant is known too poorly to put the sound to a posture",
    "CLOCK_STEP": "the wearable's clock jumped near that instant",
    "LATE_DATA": "data came late; it was judged anew with them",
    "NO_AMBIENT_MIC": "nothing listened to the room, so a sound of the room is harder to tell",
    "SITE_AMBIGUOUS": "two sites heard it almost equally loud",
    "ATHLETE_AMBIGUOUS": "it may have been another athlete's, or left and right are swapped",
    "SYMPTOM_CHANNEL_DOWN": "the athlete's button was out of reach: silence is no 'no pain'",
    "ENVIRONMENT_IMPACT": "something fell or struck in the room",
    "FOOT_CONTACT": "a foot met the floor",
    "SENSOR_TAP": "the sensor's housing was tapped",
    "SPEECH_MUSIC": "long and without an impulse, like speech or music",
    "AIRBORNE": "louder in the air than on the skin: it came from outside the body",
    "FRICTION_RUB": "long and grainy, or very frequent, like a strap that rubs",
    "LOW_EVIDENCE": "too faint, too slow or of the wrong pitch to be sure",
    "FATIGUE": "range or tempo falls off over the set",
    "RANGE_CLIPPED": "the movement or sound was beyond the sensor's measuring range",
}

CUE = {
    "NONE": "no cue",
    "POSTERIOR_TILT": "press the low back into the floor",
    "BRACE": "tighten the belly before lifting, keep breathing",
    "REDUCE_RANGE": "lower less far",
    "SLOW_LOWERING": "slower on the way down",
    "BENT_KNEE": "bend the knees",
    "SINGLE_LEG": "one leg at a time",
    "BENT_SINGLE": "knees bent, and one leg at a time",
    "END_EXERCISE": "end this exercise",
    "END_SET": "end this set, control falls off",
    "LEG_ROTATION": "turn the leg out a little more, or less",
    "REVERSE": "back up now",
    "STOP": "stop, ask about pain",
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
