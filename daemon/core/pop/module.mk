# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += include/coxad/core/pop/acoustic-detector.h daemon/core/pop/acoustic-detector.c
libcoxad_pure_a_SOURCES += daemon/core/pop/event-meter.h daemon/core/pop/event-meter.c
libcoxad_pure_a_SOURCES += daemon/core/pop/hum.h daemon/core/pop/hum.c
libcoxad_pure_a_SOURCES += daemon/core/pop/noise-floor.h daemon/core/pop/noise-floor.c
libcoxad_pure_a_SOURCES += daemon/core/pop/pop-loose.h daemon/core/pop/pop-loose.c
libcoxad_pure_a_SOURCES += daemon/core/pop/pop-origin.h daemon/core/pop/pop-origin.c
libcoxad_pure_a_SOURCES += daemon/core/pop/sound-features.h daemon/core/pop/sound-features.c
libcoxad_pure_a_SOURCES += daemon/core/pop/sound-memory.h daemon/core/pop/sound-memory.c
libcoxad_pure_a_SOURCES += daemon/core/pop/spectrum.h daemon/core/pop/spectrum.c
libcoxad_pure_a_SOURCES += daemon/core/pop/transient.h daemon/core/pop/transient.c
