# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += include/coxad/core/pop/acoustic-detector.h daemon/core/pop/acoustic-detector.c
libcoxad_pure_a_SOURCES += daemon/core/pop/biquad.h
libcoxad_pure_a_SOURCES += daemon/core/pop/event-features.c daemon/core/pop/event-features.h
libcoxad_pure_a_SOURCES += daemon/core/pop/sound-memory.c daemon/core/pop/sound-memory.h
libcoxad_pure_a_SOURCES += daemon/core/pop/noise-floor.c daemon/core/pop/noise-floor.h
libcoxad_pure_a_SOURCES += daemon/core/pop/spectrum.c daemon/core/pop/spectrum.h
libcoxad_pure_a_SOURCES += daemon/core/pop/pop-note.h
libcoxad_pure_a_SOURCES += daemon/core/pop/pop-origin.h daemon/core/pop/pop-origin.c
libcoxad_pure_a_SOURCES += daemon/core/pop/pop-merge.c
libcoxad_pure_a_SOURCES += daemon/core/pop/sound-features.c daemon/core/pop/sound-features.h
libcoxad_pure_a_SOURCES += daemon/core/pop/pop-loose.c daemon/core/pop/pop-loose.h
