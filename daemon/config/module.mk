# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += include/coxad/config/broker-url.h daemon/config/broker-url.c
libcoxad_pure_a_SOURCES += include/coxad/config/conf.h daemon/config/conf.c
libcoxad_pure_a_SOURCES += daemon/config/conf-build.h daemon/config/conf-build.c
libcoxad_pure_a_SOURCES += daemon/config/conf-check.h daemon/config/conf-check.c
libcoxad_pure_a_SOURCES += include/coxad/config/conf-errors.h daemon/config/conf-errors.c
libcoxad_pure_a_SOURCES += daemon/config/conf-hash.h daemon/config/conf-hash.c
libcoxad_pure_a_SOURCES += include/coxad/config/conf-merge.h daemon/config/conf-merge.c
libcoxad_pure_a_SOURCES += include/coxad/config/conf-name.h daemon/config/conf-name.c
libcoxad_pure_a_SOURCES += include/coxad/config/conf-notes.h daemon/config/conf-notes.c
libcoxad_pure_a_SOURCES += include/coxad/config/conf-part.h daemon/config/conf-part.c
libcoxad_pure_a_SOURCES += include/coxad/config/conf-print.h daemon/config/conf-print.c
libcoxad_pure_a_SOURCES += include/coxad/config/conf-read.h daemon/config/conf-read.c
libcoxad_pure_a_SOURCES += include/coxad/config/conf-reload.h daemon/config/conf-reload.c
libcoxad_pure_a_SOURCES += daemon/config/conf-signs.h daemon/config/conf-signs.c
libcoxad_pure_a_SOURCES += daemon/config/conf-table.h daemon/config/conf-table.c
libcoxad_pure_a_SOURCES += daemon/config/conf-text.h daemon/config/conf-text.c
libcoxad_pure_a_SOURCES += daemon/config/conf-value.h daemon/config/conf-value.c
