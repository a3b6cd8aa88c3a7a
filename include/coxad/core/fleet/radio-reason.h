// SPDX-License-Identifier: MIT
#pragma once
/* Why the brain refuses a batch of a radio, or a line of one. */

/* X(enumerator, name as published) */
#define RADIO_REASON_LIST(X)                                                                       \
	X(NONE, "none")                                                                            \
	X(LENGTH, "length")       /* longer than a batch can be, or more lines than it says */     \
	X(TRUNCATED, "truncated") /* fewer lines than it says */                                   \
	X(SYNTAX, "syntax")       /* not what a radio writes */                                    \
	X(VERSION, "version")     /* of another version of the protocol */                         \
	X(SENDER, "sender")       /* under another name than that of the topic */                  \
	X(KIND, "kind")           /* an event that no radio may send, such as a command */         \
	X(ORDER, "order")         /* its time goes back */                                         \
	X(OWNER, "owner")         /* of a wearable that the radio does not serve */                \
	X(BOOT, "boot")           /* from before a restart of the radio */                         \
	X(DUPLICATE, "duplicate") /* was taken already */                                          \
	X(GAP, "gap")             /* one before it is missing */

enum radio_reason {
#define RADIO_REASON_ENUM_(id, name) RADIO_REASON_##id,
	RADIO_REASON_LIST(RADIO_REASON_ENUM_)
#undef RADIO_REASON_ENUM_
		RADIO_REASON_COUNT
};

const char *radio_reason_to_string(enum radio_reason reason);
