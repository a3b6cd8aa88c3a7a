# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += \
	include/coxad/core/analysis.h include/coxad/core/analysis-list.h \
	include/coxad/core/analysis-sound-list.h daemon/core/analysis.c \
	include/coxad/core/athlete-memory.h \
	include/coxad/core/health.h daemon/core/health.c \
	include/coxad/core/record.h \
	include/coxad/core/result.h \
	include/coxad/core/terms.h daemon/core/terms.c
