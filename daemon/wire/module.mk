# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += include/coxad/wire/capture.h daemon/wire/capture.c
libcoxad_pure_a_SOURCES += include/coxad/wire/command.h daemon/wire/command.c
libcoxad_pure_a_SOURCES += include/coxad/wire/history.h daemon/wire/history.c
libcoxad_pure_a_SOURCES += include/coxad/wire/history-athlete.h daemon/wire/history-athlete.c
libcoxad_pure_a_SOURCES += daemon/wire/history-field.h daemon/wire/history-field.c
libcoxad_pure_a_SOURCES += include/coxad/wire/history-kind.h daemon/wire/history-kind.c
libcoxad_pure_a_SOURCES += daemon/wire/history-text.h daemon/wire/history-text.c
libcoxad_pure_a_SOURCES += include/coxad/wire/message.h daemon/wire/message.c
libcoxad_pure_a_SOURCES += daemon/wire/message-build.h daemon/wire/message-build.c
libcoxad_pure_a_SOURCES += daemon/wire/message-event.h daemon/wire/message-event.c
libcoxad_pure_a_SOURCES += include/coxad/wire/message-home-assistant.h daemon/wire/message-home-assistant.c
libcoxad_pure_a_SOURCES += include/coxad/wire/message-print.h daemon/wire/message-print.c
libcoxad_pure_a_SOURCES += daemon/wire/message-state.h daemon/wire/message-state.c
libcoxad_pure_a_SOURCES += daemon/wire/message-text.h daemon/wire/message-text.c
libcoxad_pure_a_SOURCES += daemon/wire/payload.h daemon/wire/payload.c
libcoxad_pure_a_SOURCES += daemon/wire/topic.h daemon/wire/topic.c
libcoxad_pure_a_SOURCES += include/coxad/wire/wall-text.h daemon/wire/wall-text.c
