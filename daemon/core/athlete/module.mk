# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += include/coxad/core/athlete/memory.h
