// SPDX-License-Identifier: MIT
#pragma once
/* What has been said and is not yet acknowledged: the rules of delivery. Owns a copy of each entry
 * until it is acknowledged or given up; says by `gone` when and why. Events leave in the order in
 * which they came, so those of one athlete keep theirs too; a window of few is under way at once; a
 * connection that went down puts those back in front. State topics keep only their newest value.
 * When full, the oldest of the lowest class goes. Pure: knows no broker, disk or clock. O(1) an
 * event, except a look through the states for each state.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outbox;

/* Classes are small numbers, the dearer the higher. */
#define OUTBOX_CLASSES 8

enum outbox_kind {
	OUTBOX_KIND_EVENT, /* kept over everything, within the bounds */
	OUTBOX_KIND_STATE, /* one a topic */
	OUTBOX_KIND_REPLY  /* of no use after the connection that asked */
};

/* What is handed in; copied. */
struct outbox_item {
	enum outbox_kind kind;
	unsigned class;
	uint64_t seq;   /* of an event */
	const char *id; /* of an event, or NULL */
	const char *topic;
	const void *payload;
	size_t size;
	bool retain;
	unsigned expiry_s; /* 0: none */
	const void *correlation;
	size_t correlation_size;
};

struct outbox_entry {
	uint64_t token;          /* of this entry alone */
	struct outbox_item item; /* strings are owned by the entry */
	int64_t created_us;      /* may be negative: made before this boot */
	bool was_held;           /* by an outage: gets the late mark */
	bool is_stored;          /* a row of its seq (event) or topic (state) is on disk */
	bool is_dirty;           /* ... but not with this value */
	unsigned sendings;
	/* Of outbox.c: */
	bool is_sent, is_urgent;
	struct outbox_entry *previous, *next;             /* in the order of sending */
	struct outbox_entry *class_previous, *class_next; /* in its class, oldest first */
};

enum outbox_gone {
	OUTBOX_GONE_ACKED,
	OUTBOX_GONE_REPLACED, /* by a newer value of the same topic */
	OUTBOX_GONE_FULL,     /* the bounds */
	OUTBOX_GONE_AGED,     /* older than max_age */
	OUTBOX_GONE_EXPIRED,  /* its own expiry */
	OUTBOX_GONE_REFUSED,  /* by the broker, for good */
	OUTBOX_GONE_UNHEARD,  /* a reply whose connection went */
	OUTBOX_GONE_COUNT
};

struct outbox_ops {
	/* Before the entry is freed. Must not call back into the outbox. */
	void (*gone)(void *user, const struct outbox_entry *entry, enum outbox_gone why);
};

struct outbox_limits {
	size_t max_events;
	size_t max_bytes;   /* payload, topic and id of events */
	int64_t max_age_us; /* 0: none */
};

/* States and replies have bounds of their own, that no honest use comes near. */
#define OUTBOX_STATES_MAX  2048
#define OUTBOX_REPLIES_MAX 64
/* Under way at once at most: one broker round trip is then no limit (measured: 12900 msgs/s). */
#define OUTBOX_WINDOW_MAX 16

struct outbox *outbox_new(
	const struct outbox_limits *limits, const struct outbox_ops *ops, void *user);
/* Entries left are freed without `gone`. */
struct outbox *outbox_free(struct outbox *outbox);
void outbox_set_limits(struct outbox *outbox, const struct outbox_limits *limits);

/* is_urgent: goes before everything that waits (the birth, a reply). Returns the entry, borrowed
 * until it is gone, or NULL where the bounds had no room for it. */
struct outbox_entry *outbox_add(
	struct outbox *outbox, int64_t now_us, const struct outbox_item *item, bool is_urgent);
/* An entry that an earlier run left on disk; oldest first, before any outbox_add. */
struct outbox_entry *outbox_restore(
	struct outbox *outbox, int64_t created_us, const struct outbox_item *item);

/* window 0: the connection is down; what was under way waits again. */
void outbox_connection(struct outbox *outbox, int64_t now_us, unsigned window);
/* The next to send, now under way; NULL where nothing waits or the window is full. */
struct outbox_entry *outbox_next(struct outbox *outbox, int64_t now_us);
/* 0, or -ENOENT where no such token is under way (a late or foreign acknowledgement). */
int outbox_acked(struct outbox *outbox, uint64_t token);
int outbox_refused(struct outbox *outbox, uint64_t token);
/* It never left: waits again, in front. */
int outbox_unsent(struct outbox *outbox, uint64_t token);
/* Gives up what is too old. Cheap enough for a timer of seconds. */
void outbox_advance(struct outbox *outbox, int64_t now_us);

/* The late mark: how long ago it was made, where an outage held it back; 0 otherwise. */
int64_t outbox_late_ms(const struct outbox_entry *entry, int64_t now_us);
/* What is left of its expiry, at least 1; 0: none. */
unsigned outbox_expiry_left_s(const struct outbox_entry *entry, int64_t now_us);

size_t outbox_n_events(const struct outbox *outbox);
size_t outbox_n_bytes(const struct outbox *outbox); /* of events */
size_t outbox_n_under_way(const struct outbox *outbox);
bool outbox_is_empty(const struct outbox *outbox);
/* Events that went for this reason since outbox_new. */
uint64_t outbox_n_gone(const struct outbox *outbox, enum outbox_gone why);
/* Those under way, then those that wait, in order. The entry must not go during the call. */
void outbox_each(
	struct outbox *outbox, void (*each)(void *user, struct outbox_entry *entry), void *user);
/* The one under way that was sent first, or NULL. */
const struct outbox_entry *outbox_first_under_way(const struct outbox *outbox);
/* The one under way with this token, or NULL. */
const struct outbox_entry *outbox_find(const struct outbox *outbox, uint64_t token);
