// SPDX-License-Identifier: MIT
#pragma once
/* The rules of delivery: messages that are not acknowledged yet. Owns a copy of each entry until it
 * is acknowledged or given up, and reports that by `gone`. Events are sent in the order in which
 * they came, a few at a time; when the connection is lost, those in flight go back to the front. A
 * state topic keeps only its newest value. What was refused for now is held, without delaying the
 * others. When full, the oldest of the lowest class is dropped.
 * Pure: knows no broker, disk or clock. O(1) for an event, a search through the states for a state.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outbox;

/* Classes are small numbers; the higher, the more important. */
#define OUTBOX_CLASSES 8

enum outbox_kind {
	OUTBOX_KIND_EVENT, /* kept until delivered, within the limits */
	OUTBOX_KIND_STATE, /* one for each topic */
	OUTBOX_KIND_REPLY  /* useless once the connection that asked is lost */
};

/* What has become of an entry that the broker did not take. */
enum outbox_trouble { OUTBOX_TROUBLE_NONE, OUTBOX_TROUBLE_HELD, OUTBOX_TROUBLE_ASIDE };

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
	/* Of a reply: it waits until the events from this token on that came before it are on disk. 0: all. */
	uint64_t since;
};

struct outbox_entry {
	uint64_t token;          /* unique */
	struct outbox_item item; /* strings are owned by the entry */
	int64_t created_us;      /* may be negative: made before this boot */
	bool was_held;           /* back by an outage: gets late_ms */
	bool is_stored;          /* a row with its seq (event) or topic (state) is on disk */
	bool is_dirty;           /* that row has an older value */
	bool is_writing;         /* such a row is being written */
	bool is_pending;         /* not to be sent yet, nor what comes after it */
	unsigned sendings;
	/* These five are the caller's; a newer value of a topic has them too, unless is_aside. */
	unsigned refusals, losses, asides;
	enum outbox_trouble trouble;
	bool is_suspect;       /* may have ended a connection: returns behind all others */
	int64_t held_until_us; /* while it is held */
	bool is_aside;         /* held, and returns only by outbox_probe */
	bool is_sent, is_held; /* written by outbox.c only */
	/* Private to outbox.c: */
	bool is_urgent;
	struct outbox_entry *previous, *next;             /* in the order of sending */
	struct outbox_entry *class_previous, *class_next; /* in its class, oldest first */
};

enum outbox_gone {
	OUTBOX_GONE_ACKED,
	OUTBOX_GONE_REPLACED,     /* by a newer value of its topic */
	OUTBOX_GONE_FULL,         /* max_events or max_bytes */
	OUTBOX_GONE_AGED,         /* older than max_age */
	OUTBOX_GONE_EXPIRED,      /* its own expiry */
	OUTBOX_GONE_REFUSED,      /* by the broker, for good */
	OUTBOX_GONE_DISCONNECTED, /* a reply whose connection was lost */
	OUTBOX_GONE_ERASED,       /* its athlete was */
	OUTBOX_GONE_COUNT
};

struct outbox_ops {
	/* Before the entry is freed. Must not call back into the outbox. */
	void (*gone)(void *user, const struct outbox_entry *entry, enum outbox_gone reason);
};

struct outbox_limits {
	size_t max_events;
	size_t max_bytes;       /* payload, topic and id of events */
	int64_t max_age_us;     /* 0: none */
	unsigned ageless_class; /* from this class on nothing is ever too old; 0: none is so */
};

/* States and replies have their own limits, far above normal use. */
#define OUTBOX_STATES_MAX  4096
#define OUTBOX_REPLIES_MAX 64
/* The most in flight: enough that the round trip is no bottleneck (measured: 12900 messages/s). */
#define OUTBOX_WINDOW_MAX 16

struct outbox *outbox_new(
	const struct outbox_limits *limits, const struct outbox_ops *ops, void *user);
/* Entries left are freed without `gone`. */
struct outbox *outbox_free(struct outbox *outbox);
void outbox_set_limits(struct outbox *outbox, const struct outbox_limits *limits);

/* Copies the item. is_urgent: sent before everything that waits (the birth, a reply). Returns the
 * entry, borrowed until it is gone, or NULL if the limits left no space for it. */
struct outbox_entry *outbox_add(
	struct outbox *outbox, int64_t now_us, const struct outbox_item *item, bool is_urgent);
/* An entry that an earlier run left on disk. Oldest first, before any outbox_add. */
struct outbox_entry *outbox_restore(
	struct outbox *outbox, int64_t created_us, const struct outbox_item *item);

/* window 0: the connection is down; what was in flight waits again. */
void outbox_connection(struct outbox *outbox, int64_t now_us, unsigned window);
/* The next to send, now in flight; NULL if nothing waits, the first is pending or the window is full.
 */
struct outbox_entry *outbox_next(struct outbox *outbox, int64_t now_us);
/* 0, or -ENOENT if no such token is in flight (a late or unrelated acknowledgement). */
int outbox_acked(struct outbox *outbox, uint64_t token);
int outbox_refused(struct outbox *outbox, uint64_t token);
/* It was not sent after all: waits again, in front. */
int outbox_unsent(struct outbox *outbox, uint64_t token);
/* In flight, and refused for now: waits, and delays no other. It returns to its place in the order
 * at until_us or at the next connection; if is_aside, only by outbox_probe. -ENOENT as above. */
int outbox_hold(struct outbox *outbox, uint64_t token, int64_t until_us, bool is_aside);
/* What is held may be sent again at once, and what is aside may be tried. */
void outbox_release(struct outbox *outbox, int64_t now_us);
/* What is held on this topic, but not aside, may be sent again at once. */
void outbox_release_topic(struct outbox *outbox, const char *topic);
/* One of those aside whose time has come, now waiting behind all others; NULL: there is none. What
 * never ended a connection comes first, then the highest class. */
struct outbox_entry *outbox_probe(struct outbox *outbox, int64_t now_us);
/* When the next one that is held is due, and the next that is aside; T_NEVER: none. */
int64_t outbox_held_until_us(const struct outbox *outbox);
int64_t outbox_probe_us(const struct outbox *outbox);
size_t outbox_n_held(const struct outbox *outbox); /* with those aside */
size_t outbox_n_aside(const struct outbox *outbox);
/* Any entry, whatever it waits for. */
void outbox_give_up(struct outbox *outbox, struct outbox_entry *entry, enum outbox_gone reason);
/* Drops what is too old. Cheap enough to be called every few seconds. */
void outbox_advance(struct outbox *outbox, int64_t now_us);

/* How long ago it was made, if an outage held it back; otherwise 0. */
int64_t outbox_late_ms(const struct outbox_entry *entry, int64_t now_us);
/* What is left of its expiry, at least 1; 0: it does not expire. */
unsigned outbox_expiry_left_s(const struct outbox_entry *entry, int64_t now_us);

size_t outbox_n_events(const struct outbox *outbox);
size_t outbox_n_bytes(const struct outbox *outbox); /* of events */
size_t outbox_n_under_way(const struct outbox *outbox);
/* Nothing can be sent; there may be some that are held. */
bool outbox_is_empty(const struct outbox *outbox);
/* Events that were gone for this reason since outbox_new. */
uint64_t outbox_n_gone(const struct outbox *outbox, enum outbox_gone reason);
/* Those in flight, then those that wait, in order, then those that are held. The callback must not remove entries. */
void outbox_each(
	struct outbox *outbox, void (*each)(void *user, struct outbox_entry *entry), void *user);
/* The one in flight that was sent first, or NULL. */
struct outbox_entry *outbox_first_under_way(const struct outbox *outbox);
/* That the next message added will have. */
uint64_t outbox_next_token(const struct outbox *outbox);
/* The one in flight with this token, or NULL. */
struct outbox_entry *outbox_find(const struct outbox *outbox, uint64_t token);
