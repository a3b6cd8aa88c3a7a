# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += \
	include/coxad/config/conf.h daemon/config/conf.c \
	include/coxad/config/conf-read.h daemon/config/conf-read.c \
	daemon/config/conf-build.h daemon/config/conf-build.c \
	daemon/config/conf-check.c \
	daemon/config/conf-hash.h daemon/config/conf-hash.c \
	daemon/config/conf-print.c \
	daemon/config/conf-table.h daemon/config/conf-table.c \
	daemon/config/conf-text.h daemon/config/conf-text.c \
	daemon/config/conf-value.h daemon/config/conf-value.c \
	daemon/config/nearest.h daemon/config/nearest.c
