// SPDX-License-Identifier: MIT
#pragma once
/* One connection through Paho's MQTTAsync, used as a plain transport: without its persistence,
 * buffering and reconnecting. Its callbacks run on Paho's threads with its lock held, so they copy,
 * post to the mailbox and return. A lost connection is freed and another one made. Call from the
 * loop's thread only. With an anchor nothing here blocks, as
 * long as Paho need not resolve a name: see getaddrinfo.h.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/wire/command.h"
#include "daemon/mqtt/mailbox.h"

struct paho;

/* With a reason from 0x80 on, data: the broker's own words or NULL, whatever they contain. */
enum paho_mail {
	PAHO_MAIL_RESOLVED,     /* of resolver.h. data: struct resolver_result */
	PAHO_MAIL_CONNECTED,    /* data: struct paho_offer */
	PAHO_MAIL_REFUSED,      /* the connection. number: reason, or 0 and data: text */
	PAHO_MAIL_LOST,         /* number: the broker's reason, 0: none given */
	PAHO_MAIL_DISCONNECTED, /* by paho_disconnect */
	PAHO_MAIL_TLS,          /* data: a line of OpenSSL's */
	PAHO_MAIL_SUBSCRIBED,   /* number: reason, a failure from 0x80 on; detail: token */
	PAHO_MAIL_SENT,         /* number: token of paho_publish, acknowledged (QoS 1) or written */
	PAHO_MAIL_SEND_REFUSED, /* number: token; detail: reason of the broker, 0x80 or more */
	PAHO_MAIL_SEND_FAILED,  /* number: token; whether it was delivered is unknown */
	PAHO_MAIL_ARRIVED       /* data: struct paho_arrival */
};

/* What the broker said in CONNACK; with MQTT 3.1.1, what it cannot say. */
struct paho_offer {
	int64_t receive_maximum;
	int64_t packet_max; /* bytes; 0: any */
	unsigned maximum_qos;
	bool has_retain;
};

/* One block of memory: what the members point to is freed with it. */
struct paho_arrival {
	char *topic;
	void *payload;
	size_t size; /* truncated to one byte more than arrival_max, so that a longer one shows */
	bool is_retained;
	int64_t arrived_us; /* when Paho handed it on */
	struct reply_to reply_to;
};

struct paho_connect {
	const char *broker; /* mqtt, mqtts, ws or wss URI, port optional */
	const char *client_id;
	unsigned version; /* 5 or 4 */
	const char *username;
	const char *password; /* NULL: none */
	const char *ca_file, *certificate_file, *key_file;
	int connect_s, keep_alive_s;
	size_t arrival_max;  /* bytes of a payload */
	unsigned packet_max; /* what the broker is asked not to exceed (MQTT 5); 0: nothing */
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

/* A client that never connects. While it exists, Paho keeps its threads; otherwise each paho_free
 * ends them, by sleeping 0.1 to 0.2 s on the caller's thread (measured, 1.3.12). */
void *paho_anchor_new(void);
void *paho_anchor_free(void *anchor);
/* Starts to connect; the result comes by mail. Borrows the mailbox. -EINVAL: the URI; -EIO. */
int paho_new(const struct paho_connect *connect, struct mailbox *mailbox, struct paho **ret);
/* When it returns, no more mail is posted. */
struct paho *paho_free(struct paho *paho);
/* The token of the answer, above 0, or -EIO. One filter at a time: of an answer with several results
 * Paho does not say how many a broker gave. */
int paho_subscribe(struct paho *paho, const char *filter);
/* The token (0 for QoS 0), -EAGAIN: not now, or -EINVAL: never, whatever the connection. */
int paho_publish(struct paho *paho, const struct paho_publish *publish);
/* Disconnects cleanly; the broker publishes the will only if with_will, and only with MQTT 5. */
int paho_disconnect(struct paho *paho, bool with_will);
