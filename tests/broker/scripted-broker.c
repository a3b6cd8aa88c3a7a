// SPDX-License-Identifier: MIT
/* A broker that does as it is told: MQTT 3.1.1 and 5 on raw sockets of loopback, one client at a
 * time. It answers every packet correctly unless a rule says otherwise, and prints one line for
 * each packet, so that a test can wait for it.
 *
 *   scripted-broker PORT RULE...      PORT 0: any free one, 6:PORT: on ::1; the first line is
 *                                     "listening PORT"
 *
 * Rules, each one argument; the first that matches a packet decides; xN: for the first N matches.
 *   connack CODE [HEX] [xN]     answers CONNECT with the code and, in MQTT 5, these properties
 *   suback CODE [xN]
 *   publish TOPIC ACTION [xN]   TOPIC is a part of the topic, with $ its end, "*" any, "^retain" any
 *                               retained one
 *   payload PART ACTION [xN]    for a PUBLISH whose payload contains PART; before those on topics
 *   on PACKET ACTION [xN]       PACKET: connect, subscribe, pingreq, connected (after CONNACK)
 *   inject MS TOPIC PAYLOAD     MS after CONNACK of each connection, QoS 0
 * ACTION: ack, code=HH (PUBACK with it), close, reset, bye=HH (DISCONNECT with the code, then
 * close), stall (no answer, the link stays), wrong-id (PUBACK for a packet that was never sent), twice
 * (two PUBACKs), garbage (no packet at all), endless (the beginning of the longest packet there is).
 *
 * What it offered in CONNACK it holds the client to: a line "VIOLATION ..." where a PUBLISH breaks
 * Receive Maximum, Maximum QoS, Retain Available, Maximum Packet Size or Topic Alias Maximum.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/broker/scripted-rules.h"

#define PACKET_MAX (1 << 20)

enum kind {
	CONNECT = 1,
	CONNACK,
	PUBLISH,
	PUBACK,
	SUBSCRIBE = 8,
	SUBACK,
	PINGREQ = 12,
	PINGRESP,
	DISCONNECT
};

/* What CONNACK said; the defaults of MQTT 5.0, 3.2.2.3. */
struct offer {
	unsigned receive_maximum, maximum_qos, retain_available;
	uint32_t packet_max; /* 0: none */
};

struct broker {
	struct scripted_rules rules;
	unsigned connection;
	int fd;
	bool is_v5;
	long up_ms; /* of CONNACK, 0 before */
	struct offer offer;
	unsigned in_flight;
	uint8_t buffer[PACKET_MAX];
	size_t n;
};

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void fail(const char *text)
{
	fprintf(stderr, "scripted-broker: %s\n", text);
	exit(2);
}

/* ---- packets ---- */

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

/* A variable byte integer; how many bytes it took, 0 where it is not complete. */
static size_t get_length(const uint8_t *at, size_t n, uint32_t *ret)
{
	uint32_t value = 0;

	for (size_t i = 0; i < n && i < 4; i++) {
		value |= (uint32_t)(at[i] & 0x7f) << (7 * i);
		if (!(at[i] & 0x80)) {
			*ret = value;
			return i + 1;
		}
	}
	return 0;
}

static void send_packet(struct broker *broker, uint8_t first, const uint8_t *body, size_t n)
{
	uint8_t head[5] = {first};
	size_t used = 1, left = n;

	do {
		head[used] = (uint8_t)(left % 128 | (left > 127 ? 0x80 : 0));
		left /= 128;
		used++;
	} while (left);
	if (send(broker->fd, head, used, MSG_NOSIGNAL) < 0 ||
		send(broker->fd, body, n, MSG_NOSIGNAL) < 0)
		printf("send failed\n");
}

static size_t from_hex(const char *text, uint8_t *ret, size_t room)
{
	size_t n = 0;
	unsigned byte;

	while (n < room && sscanf(text + 2 * n, "%2x", &byte) == 1 && strlen(text) >= 2 * n + 2)
		ret[n++] = (uint8_t)byte;
	return n;
}

/* What of the offer a PUBLISH can break; other properties are passed over by their length. */
static void read_offer(struct offer *offer, const uint8_t *at, size_t n)
{
	for (size_t i = 0; i < n;) {
		switch (at[i]) {
		case 0x21: /* receive maximum */
			offer->receive_maximum = get16(at + i + 1);
			i += 3;
			break;
		case 0x24:
			offer->maximum_qos = at[i + 1];
			i += 2;
			break;
		case 0x25:
			offer->retain_available = at[i + 1];
			i += 2;
			break;
		case 0x27: /* maximum packet size */
			offer->packet_max = (uint32_t)get16(at + i + 1) << 16 | get16(at + i + 3);
			i += 5;
			break;
		case 0x11: /* session expiry */
			i += 5;
			break;
		case 0x13: /* server keep alive */
		case 0x22: /* topic alias maximum */
			i += 3;
			break;
		case 0x28: /* wildcard, subscription identifiers, shared subscriptions */
		case 0x29:
		case 0x2a:
			i += 2;
			break;
		case 0x12: /* assigned client identifier, reason, response information, server */
		case 0x1f:
		case 0x1a:
		case 0x1c:
			i += 3u + get16(at + i + 1);
			break;
		default:
			return;
		}
	}
}

/* False: the connection ends. */
static bool act(struct broker *broker, const struct rule *rule)
{
	const struct linger at_once = {1, 0};
	uint8_t body[2] = {(uint8_t)rule->code, 0};

	printf("does %s %02x\n", rule->action, rule->code);
	if (!strcmp(rule->action, "stall"))
		return true;
	if (!strcmp(rule->action, "garbage") || !strcmp(rule->action, "endless")) {
		static const uint8_t garbage[] = {0xf7, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x31};
		static const uint8_t endless[] = {0x30, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x01, 'a'};

		return send(broker->fd, rule->action[0] == 'g' ? garbage : endless, 8,
			       MSG_NOSIGNAL) == 8;
	}
	if (!strcmp(rule->action, "reset"))
		setsockopt(broker->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	else if (!strcmp(rule->action, "bye") && broker->is_v5)
		send_packet(broker, DISCONNECT << 4, body, sizeof(body));
	return false;
}

static bool on_connect(struct broker *broker, const uint8_t *body, size_t n)
{
	const struct rule *rule;
	uint8_t answer[256] = {0};
	size_t used = 2;

	broker->is_v5 = n > 6 && body[6] == 5;
	printf("CONNECT %u version %u flags %02x\n", broker->connection, n > 6 ? body[6] : 0,
		n > 7 ? body[7] : 0);
	rule = scripted_rules_find_on(&broker->rules, "connect");
	if (rule)
		return act(broker, rule);
	broker->offer = (struct offer){65535, 2, 1, 0};
	rule = scripted_rules_find(&broker->rules, "connack", NULL, false);
	answer[1] = rule ? (uint8_t)rule->code : 0;
	if (broker->is_v5) {
		size_t properties = rule ? from_hex(rule->properties, answer + 3, 200) : 0;

		answer[2] = (uint8_t)properties;
		used += 1 + properties;
		read_offer(&broker->offer, answer + 3, properties);
	}
	send_packet(broker, CONNACK << 4, answer, used);
	broker->up_ms = now_ms();
	if (answer[1])
		return false;
	rule = scripted_rules_find_on(&broker->rules, "connected");
	return !rule || act(broker, rule);
}

static void check_offer(struct broker *broker, size_t size, unsigned qos, bool is_retained)
{
	if (qos && ++broker->in_flight > broker->offer.receive_maximum)
		printf("VIOLATION receive maximum\n");
	if (qos > broker->offer.maximum_qos)
		printf("VIOLATION maximum qos\n");
	if (is_retained && !broker->offer.retain_available)
		printf("VIOLATION retain available\n");
	if (broker->offer.packet_max && size > broker->offer.packet_max)
		printf("VIOLATION maximum packet size\n");
}

static void acknowledge(struct broker *broker, uint16_t id, unsigned code)
{
	uint8_t body[4] = {(uint8_t)(id >> 8), (uint8_t)id, (uint8_t)code, 0};

	if (broker->in_flight)
		broker->in_flight--;
	send_packet(broker, PUBACK << 4, body, broker->is_v5 && code ? 4 : 2);
}

static bool on_publish(struct broker *broker, uint8_t first, const uint8_t *body, size_t n)
{
	unsigned qos = first >> 1 & 3;
	size_t topic_size = n >= 2 ? get16(body) : 0;
	char topic[512];
	uint16_t id;
	const struct rule *rule;

	if (topic_size + 4 > n || topic_size >= sizeof(topic))
		return false;
	memcpy(topic, body + 2, topic_size);
	topic[topic_size] = 0;
	id = qos ? get16(body + 2 + topic_size) : 0;
	printf("PUBLISH %u %s qos %u retain %u dup %u size %zu\n", broker->connection, topic, qos,
		first & 1, first >> 3 & 1, n);
	if (!topic_size && broker->is_v5)
		printf("VIOLATION topic alias\n");
	check_offer(broker, n + 2, qos, first & 1);
	rule = scripted_rules_find_payload(
		&broker->rules, body + 2 + topic_size, n - 2 - topic_size);
	if (!rule)
		rule = scripted_rules_find(&broker->rules, "publish", topic, first & 1);
	if (!rule || !strcmp(rule->action, "ack") || !strcmp(rule->action, "code")) {
		if (rule && rule->code >= 0x80)
			printf("refused %s %02x\n", topic, rule->code);
		else if (qos)
			printf("acknowledged %s\n", topic);
		if (qos)
			acknowledge(broker, id, rule ? rule->code : 0);
		return true;
	}
	if (!strcmp(rule->action, "twice")) {
		printf("acknowledged %s\n", topic);
		acknowledge(broker, id, 0);
		acknowledge(broker, id, 0);
		return true;
	}
	if (!strcmp(rule->action, "wrong-id")) {
		acknowledge(broker, (uint16_t)(id + 1000), 0);
		return true;
	}
	return act(broker, rule);
}

static bool on_subscribe(struct broker *broker, const uint8_t *body, size_t n)
{
	const struct rule *rule = scripted_rules_find_on(&broker->rules, "subscribe");
	uint8_t answer[4] = {body[0], body[1]};

	printf("SUBSCRIBE %u\n", broker->connection);
	if (rule)
		return act(broker, rule);
	rule = scripted_rules_find(&broker->rules, "suback", NULL, false);
	answer[broker->is_v5 ? 3 : 2] = rule ? (uint8_t)rule->code : 1;
	send_packet(broker, SUBACK << 4, answer, broker->is_v5 ? 4 : 3);
	return true;
}

static bool on_pingreq(struct broker *broker)
{
	const struct rule *rule = scripted_rules_find_on(&broker->rules, "pingreq");

	if (rule)
		return act(broker, rule);
	send_packet(broker, PINGRESP << 4, NULL, 0);
	return true;
}

static bool on_packet(struct broker *broker, uint8_t first, const uint8_t *body, size_t n)
{
	switch ((enum kind)(first >> 4)) {
	case CONNECT:
		return on_connect(broker, body, n);
	case PUBLISH:
		return on_publish(broker, first, body, n);
	case SUBSCRIBE:
		return n >= 2 && on_subscribe(broker, body, n);
	case PINGREQ:
		return on_pingreq(broker);
	case DISCONNECT:
		printf("DISCONNECT %u code %02x\n", broker->connection, n ? body[0] : 0);
		return false;
	case CONNACK:
	case PUBACK:
	case SUBACK:
	case PINGRESP:
		break;
	}
	return true;
}

/* ---- the connection ---- */

static void inject(struct broker *broker, const struct rule *rule)
{
	uint8_t body[1024];
	size_t topic = strlen(rule->part), payload = strlen(rule->payload), used = 2 + topic;

	if (topic + payload + 3 > sizeof(body))
		return;
	body[0] = (uint8_t)(topic >> 8);
	body[1] = (uint8_t)topic;
	memcpy(body + 2, rule->part, topic);
	if (broker->is_v5)
		body[used++] = 0;
	memcpy(body + used, rule->payload, payload);
	printf("inject %s\n", rule->part);
	send_packet(broker, PUBLISH << 4, body, used + payload);
}

/* Sends what is due; in how many ms the next is, -1: never. */
static int inject_due(struct broker *broker)
{
	long next = -1;

	for (unsigned i = 0; broker->up_ms && i < broker->rules.n; i++) {
		struct rule *rule = &broker->rules.rule[i];
		long left = broker->up_ms + rule->at_ms - now_ms();

		if (strcmp(rule->what, "inject") || rule->is_done || !rule->left)
			continue;
		if (left <= 0) {
			rule->is_done = true;
			if (rule->left > 0)
				rule->left--;
			inject(broker, rule);
		} else if (next < 0 || left < next) {
			next = left;
		}
	}
	return (int)next;
}

/* Whole packets off the front of the buffer; false: the connection ends. */
static bool take_packets(struct broker *broker)
{
	for (;;) {
		uint32_t size;
		size_t used =
			broker->n > 1 ? get_length(broker->buffer + 1, broker->n - 1, &size) : 0;

		if (!used || broker->n < 1 + used + size)
			return broker->n < PACKET_MAX;
		if (!on_packet(broker, broker->buffer[0], broker->buffer + 1 + used, size))
			return false;
		broker->n -= 1 + used + size;
		memmove(broker->buffer, broker->buffer + 1 + used + size, broker->n);
	}
}

static void serve(struct broker *broker)
{
	broker->n = 0;
	broker->up_ms = 0;
	broker->in_flight = 0;
	broker->connection++;
	for (unsigned i = 0; i < broker->rules.n; i++)
		broker->rules.rule[i].is_done = false;
	for (;;) {
		struct pollfd p = {.fd = broker->fd, .events = POLLIN};
		ssize_t got;

		if (poll(&p, 1, inject_due(broker)) == 0)
			continue;
		got = recv(broker->fd, broker->buffer + broker->n, PACKET_MAX - broker->n, 0);
		if (got <= 0)
			return;
		broker->n += (size_t)got;
		if (!take_packets(broker))
			return;
	}
}

static int listen_on(const char *port)
{
	bool is_six = !strncmp(port, "6:", 2);
	struct sockaddr_in four = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(port)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
	struct sockaddr *address = is_six ? (struct sockaddr *)&six : (struct sockaddr *)&four;
	socklen_t size = is_six ? sizeof(six) : sizeof(four);
	int fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (is_six)
		six.sin6_port = htons((uint16_t)atoi(port + 2));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, address, size) < 0 || listen(fd, 8) < 0 || getsockname(fd, address, &size) < 0)
		fail("cannot listen");
	printf("listening %u\n", ntohs(is_six ? six.sin6_port : four.sin_port));
	return fd;
}

int main(int argc, char **argv)
{
	static struct broker broker;
	int fd;

	if (argc < 2)
		fail("usage: scripted-broker PORT RULE...");
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 2; i < argc; i++)
		scripted_rules_add(&broker.rules, argv[i]);
	fd = listen_on(argv[1]);
	while ((broker.fd = accept(fd, NULL, NULL)) >= 0) {
		serve(&broker);
		close(broker.fd);
		printf("ended %u\n", broker.connection);
	}
	return 0;
}
