// SPDX-License-Identifier: MIT
#pragma once
/* The parts of the setting broker. Pure. */
#include <stdbool.h>

#define BROKER_HOST_SIZE 256

struct broker_url {
	char host[BROKER_HOST_SIZE]; /* an IPv6 address without its brackets */
	unsigned port;
	bool is_tls; /* mqtts, wss */
};

/* False if it is not of one of the four schemes. */
bool broker_url_read(const char *text, struct broker_url *ret);
/* True if the host is this computer by its name or address. */
bool broker_url_is_local(const struct broker_url *url);
