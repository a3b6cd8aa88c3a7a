# SPDX-License-Identifier: MIT
libcoxad_io_a_SOURCES += include/coxad/store/athlete-rights.h daemon/store/athlete-rights.c
libcoxad_io_a_SOURCES += include/coxad/store/history-persister.h daemon/store/history-persister.c
libcoxad_io_a_SOURCES += daemon/store/history-memory.h daemon/store/history-memory.c
libcoxad_io_a_SOURCES += daemon/store/history-store.h daemon/store/history-store.c
libcoxad_io_a_SOURCES += daemon/store/history-table.h daemon/store/history-table.c
libcoxad_io_a_SOURCES += include/coxad/store/outbox-persister.h daemon/store/outbox-persister.c
libcoxad_io_a_SOURCES += daemon/store/outbox-table.h daemon/store/outbox-table.c
libcoxad_io_a_SOURCES += daemon/store/outbox-query.h daemon/store/outbox-query.c
libcoxad_io_a_SOURCES += daemon/store/outbox-store.h daemon/store/outbox-store.c
libcoxad_io_a_SOURCES += include/coxad/store/recorder.h daemon/store/recorder.c
libcoxad_io_a_SOURCES += include/coxad/store/source-replay.h daemon/store/source-replay.c
libcoxad_io_a_SOURCES += daemon/store/ballast.h daemon/store/ballast.c
libcoxad_io_a_SOURCES += daemon/store/database.h daemon/store/database.c
libcoxad_io_a_SOURCES += include/coxad/store/store-thread.h daemon/store/store-thread.c
libcoxad_io_a_SOURCES += daemon/store/row-sum.h daemon/store/row-sum.c
