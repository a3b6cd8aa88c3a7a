# SPDX-License-Identifier: MIT
sbin_PROGRAMS += coxad
coxad_SOURCES = daemon/main/coxad.c
coxad_CFLAGS = $(libcoxad_io_a_CFLAGS)
coxad_LDADD = $(IO_LIBS)
