# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += include/coxad/flow/intake.h daemon/flow/intake-private.h daemon/flow/intake.c daemon/flow/intake-audio.c daemon/flow/intake-status.c
libcoxad_pure_a_SOURCES += include/coxad/flow/link.h daemon/flow/link.c daemon/flow/link-steps.c daemon/flow/link-private.h
libcoxad_pure_a_SOURCES += include/coxad/flow/slots.h daemon/flow/slots.c
libcoxad_pure_a_SOURCES += \
	include/coxad/flow/gateway.h daemon/flow/gateway.c \
	include/coxad/flow/pipeline.h daemon/flow/pipeline.c \
	daemon/flow/retained.c daemon/flow/retained.h
libcoxad_pure_a_SOURCES += daemon/flow/stream-detector.c daemon/flow/stream-detector.h
libcoxad_pure_a_SOURCES += daemon/flow/pipeline-command.c daemon/flow/pipeline-private.h
libcoxad_pure_a_SOURCES += daemon/flow/gateway-retained.c daemon/flow/gateway-restore.c daemon/flow/gateway-private.h daemon/flow/gateway-stats.c
libcoxad_pure_a_SOURCES += daemon/flow/link-connect.c daemon/flow/link-stream.c
