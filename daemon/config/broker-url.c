// SPDX-License-Identifier: MIT
#include "coxad/config/broker-url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "coxad/base/alloc.h"

static const struct {
	const char *scheme;
	unsigned port;
	bool is_tls;
} kinds[] = {{"mqtt://", 1883, false}, {"mqtts://", 8883, true}, {"ws://", 80, false},
	{"wss://", 443, true}};

bool broker_url_read(const char *text, struct broker_url *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		size_t length = strlen(kinds[i].scheme), n, skip;
		const char *host = text + length;

		if (strncasecmp(text, kinds[i].scheme, length) != 0)
			continue;
		skip = host[0] == '[';
		n = strcspn(host + skip, skip ? "]" : ":/");
		if (n == 0 || n >= BROKER_HOST_SIZE || (skip && host[1 + n] != ']'))
			return false;
		*ret = (struct broker_url){.port = kinds[i].port, .is_tls = kinds[i].is_tls};
		snprintf(ret->host, sizeof(ret->host), "%.*s", (int)n, host + skip);
		host += skip + n + skip;
		if (host[0] == ':')
			ret->port = (unsigned)strtoul(host + 1, NULL, 10);
		return true;
	}
	return false;
}

bool broker_url_is_local(const struct broker_url *url)
{
	static const char *const names[] = {"localhost", "localhost.", "localhost.localdomain",
		"ip6-localhost", "::1", "0:0:0:0:0:0:0:1"};
	static const char *const blocks[] = {"127.", "::ffff:127."};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcasecmp(url->host, names[i]) == 0)
			return true;
	/* A name may begin so too: digits and dots only. */
	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		size_t n = strlen(blocks[i]);

		if (strncasecmp(url->host, blocks[i], n) == 0 &&
			strspn(url->host + n, "0123456789.") == strlen(url->host + n))
			return true;
	}
	return false;
}
