// SPDX-License-Identifier: MIT
#pragma once
/* Why bytes or a record were refused. A decoder returns a count of records, or -REASON_x. */

/* X(enumerator, name as published) */
#define REASON_LIST(X)                                                                             \
	X(NONE, "none")                                                                            \
	X(LENGTH, "length")       /* matches no layout */                                          \
	X(TYPE, "type")           /* unknown kind, codec, version, characteristic */               \
	X(CHECK, "check")         /* checksum or fixed bytes are wrong */                          \
	X(RANGE, "range")         /* a field has an impossible value */                            \
	X(ORDER, "order")         /* came before what it depends on (Sensor Information) */        \
	X(DUPLICATE, "duplicate") /* the same sequence number again */                             \
	X(TIME_JUMP, "time_jump") /* the wearable's clock jumped further than possible */          \
	X(STALE, "stale")         /* from an earlier connection, or too late to use */             \
	X(OVERFLOW, "overflow")   /* a bounded queue was full */                                   \
	X(UNKNOWN_WEARABLE, "unknown_wearable")                                                    \
	X(QUARANTINE, "quarantine") /* too many refused in a row */

enum reason {
#define REASON_ENUM(id, name) REASON_##id,
	REASON_LIST(REASON_ENUM)
#undef REASON_ENUM
		REASON_COUNT
};

const char *reason_to_string(enum reason reason);
