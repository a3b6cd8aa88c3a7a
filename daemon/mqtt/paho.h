// SPDX-License-Identifier: MIT
#pragma once
/* One connection through Paho's MQTTAsync, as a dumb transport: no persistence, no buffer, no
 * reconnect of its own. Its callbacks run on Paho's threads with its lock held, so they copy, post
 * to the mailbox and return. A connection is made once; after a loss it is freed and another made.
 * Call from the loop's thread only; nothing here blocks, with an anchor in place, except paho_free
 * while Paho resolves a name.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/wire/command.h"
#include "daemon/mqtt/mailbox.h"

struct paho;

enum paho_mail {
	PAHO_MAIL_CONNECTED,    /* number: receive maximum; detail: maximum packet size, 0: none */
	PAHO_MAIL_REFUSED,      /* the connection. number: reason; data: text */
	PAHO_MAIL_LOST,         /* number: the broker's reason, 0: none given */
	PAHO_MAIL_DISCONNECTED, /* as asked */
	PAHO_MAIL_TLS,          /* data: a line of OpenSSL's */
	PAHO_MAIL_SUBSCRIBED,   /* number: reason, below 0x80 is good */
	PAHO_MAIL_SENT,         /* number: token of paho_publish, acknowledged (QoS 1) or written */
	PAHO_MAIL_SEND_REFUSED, /* number: token; detail: reason of the broker, 0x80 or more */
	PAHO_MAIL_SEND_FAILED,  /* number: token; it may have been delivered or not */
	PAHO_MAIL_ARRIVED       /* data: struct paho_arrival */
};

/* What follows lies in the same block, and is freed with it. */
struct paho_arrival {
	char *topic;
	void *payload;
	size_t size; /* at most PAHO_ARRIVAL_MAX: more is cut there */
	bool is_retained;
	struct reply_to reply_to;
};
/* One byte more than a command may have, so that a longer one is seen to be too long. */
#define PAHO_ARRIVAL_MAX 4097

struct paho_connect {
	const char *broker; /* mqtt, mqtts, ws or wss URI, port optional */
	const char *client_id;
	unsigned version; /* 5 or 4 */
	const char *username;
	const char *password; /* NULL: none */
	const char *ca_file, *certificate_file, *key_file;
	int connect_s, keep_alive_s;
	struct {
		const char *topic; /* NULL: no will */
		const void *payload;
		size_t size;
		unsigned qos;
		bool retain;
	} will;
};

struct paho_publish {
	const char *topic;
	const void *payload;
	size_t size;
	unsigned qos;
	bool retain;
	unsigned expiry_s; /* MQTT 5, 0: none */
	const void *correlation;
	size_t correlation_size;
};

/* Nothing that a broker would hang up on: for a topic that somebody else chose. */
bool paho_is_sound_topic(const char *topic);
/* A client that never connects. While one is there Paho keeps its threads; without, each paho_free
 * ends them, which it does by sleeping 0.1 to 0.2 s on the caller's thread (measured, 1.3.12). */
void *paho_anchor_new(void);
void *paho_anchor_free(void *anchor);
/* Starts connecting; the answer comes by mail. The mailbox is borrowed. -EINVAL: the URI; -EIO. */
int paho_new(const struct paho_connect *connect, struct mailbox *mailbox, struct paho **ret);
/* No mail is posted any more once it returns. */
struct paho *paho_free(struct paho *paho);
/* Instead of paho_free at exit, where Paho may be stuck in a name look-up. */
void paho_abandon(struct paho *paho);
int paho_subscribe(struct paho *paho, const char *filter);
/* The token (0 for QoS 0), or -EAGAIN: not now. */
int paho_publish(struct paho *paho, const struct paho_publish *publish);
/* Ends the session cleanly: no will. with_will: the broker sends the will nevertheless. */
int paho_disconnect(struct paho *paho, bool with_will);
