// SPDX-License-Identifier: MIT
#pragma once
/* Field tracing: one line at each decision, with the numbers that decided it. Off, a decision
 * costs one test of a pointer; on, the line is formatted on the stack and handed to the tracer's
 * write. Pure: whoever owns the process decides where lines go (COXAD_TRACE in daemon/main). Lines
 * name athletes and what was judged of them, so they are for debugging, never above that level.
 */
#include <stdbool.h>
#include <stdint.h>

/* X(enumerator, name in COXAD_TRACE, what it shows) */
#define TRACE_TOPIC_LIST(X)                                                                        \
	X(CLOCK, "clock", "a wearable's clock: refused pairs, stray bins, new epochs")             \
	X(CALIBRATION, "calibration", "each step of a calibration, accepted or rejected")          \
	X(PHASE, "phase", "phases of a repetition, and movements that did not count")              \
	X(ANGLE, "angle", "each leg's angle, ten times a second")                                  \
	X(SOUND, "sound", "candidates of the acoustic detector")                                   \
	X(POP, "pop", "one sound of many reports, its origin, its verdict, each revision")         \
	X(SYMPTOM, "symptom", "symptoms and the alerts they raise")                                \
	X(LINK, "link", "states of a Bluetooth link, and why")                                     \
	X(OUTBOX, "outbox", "events taken, sent, acknowledged, refused, dropped")

enum trace_topic {
#define TRACE_ENUM(id, name, what) TRACE_##id,
	TRACE_TOPIC_LIST(TRACE_ENUM)
#undef TRACE_ENUM
		TRACE_TOPIC_COUNT
};

#define TRACE_LINE_MAX 512

struct tracer {
	uint32_t topics; /* bit an enum trace_topic */
	/* One line without its end, printable. */
	void (*write)(void *user, const char *line);
	void *user;
};

/* What a module holds: who writes, and whose decisions these are. Both borrowed. */
struct trace {
	const struct tracer *tracer; /* NULL: off */
	const char *subject;         /* a wearable, a kit, an athlete; NULL: none */
};

static inline bool trace_is_on(const struct trace *trace, enum trace_topic topic)
{
	return __builtin_expect(trace->tracer && (trace->tracer->topics >> topic & 1), 0);
}

/* t_us: the instant of the decision on the gateway's clock. Arguments are evaluated only when the
 * topic is on. */
#define TRACE(trace, topic, t_us, ...)                                                             \
	do {                                                                                       \
		if (trace_is_on((trace), TRACE_##topic))                                           \
			trace_write((trace), TRACE_##topic, (t_us), __VA_ARGS__);                  \
	} while (0)

void trace_write(const struct trace *trace, enum trace_topic topic, int64_t t_us,
	const char *format, ...) __attribute__((format(printf, 4, 5), cold));

/* "clock,pop" or "all" to a mask. An unknown word is -EINVAL, and ret_unknown points to it. */
int trace_topics_from_string(const char *text, uint32_t *ret_topics, const char **ret_unknown);
const char *trace_topic_to_string(enum trace_topic topic);
