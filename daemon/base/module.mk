# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += \
	include/coxad/base/address.h daemon/base/address.c \
	include/coxad/base/alloc.h daemon/base/alloc.c \
	include/coxad/base/backoff.h daemon/base/backoff.c \
	include/coxad/base/biquad.h \
	include/coxad/base/bytes.h \
	include/coxad/base/diag.h daemon/base/diag.c \
	include/coxad/base/generator.h \
	include/coxad/base/hash.h \
	include/coxad/base/hex.h daemon/base/hex.c \
	include/coxad/base/list.h \
	include/coxad/base/nearest.h daemon/base/nearest.c \
	include/coxad/base/order.h daemon/base/order.c \
	include/coxad/base/rate.h daemon/base/rate.c \
	include/coxad/base/reason.h daemon/base/reason.c \
	include/coxad/base/text.h daemon/base/text.c \
	include/coxad/base/trace.h daemon/base/trace.c \
	include/coxad/base/units.h \
	include/coxad/base/utf8.h daemon/base/utf8.c \
	include/coxad/base/uuid.h daemon/base/uuid.c \
	include/coxad/base/vec.h
