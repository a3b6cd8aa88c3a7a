# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += \
	include/coxad/wire/capture.h daemon/wire/capture.c daemon/wire/wall-text.c \
	include/coxad/wire/command.h daemon/wire/command.c \
	include/coxad/wire/history.h daemon/wire/history.c \
	daemon/wire/history-text.h daemon/wire/history-athlete.c \
	daemon/wire/history-field.h daemon/wire/history-field.c \
	include/coxad/wire/message.h daemon/wire/message.c \
	daemon/wire/message-build.h daemon/wire/message-build.c \
	daemon/wire/message-event.c \
	daemon/wire/message-home-assistant.c \
	daemon/wire/message-print.c \
	daemon/wire/message-state.c \
	daemon/wire/message-text.h daemon/wire/message-text.c \
	daemon/wire/topic.h daemon/wire/topic.c
