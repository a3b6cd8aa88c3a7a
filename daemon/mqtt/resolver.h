// SPDX-License-Identifier: MIT
#pragma once
/* Finds the addresses of a host, on a thread of its own: a name server that does not answer can take
 * minutes. The result comes by mail.
 */
#include <stdbool.h>
#include <sys/socket.h>

#include "daemon/mqtt/mailbox.h"

/* More have not been seen behind one name. */
#define RESOLVER_ADDRESSES_MAX 16

struct resolver;

/* data of PAHO_MAIL_RESOLVED. */
struct resolver_result {
	int error; /* EAI_..., 0: none */
	unsigned n;
	struct {
		struct sockaddr_storage address;
		socklen_t size;
	} found[RESOLVER_ADDRESSES_MAX];
};

/* Copies the host. An address is answered before this returns. -EAGAIN: there is no thread. */
int resolver_new(const char *host, struct mailbox *mailbox, struct resolver **ret);
/* Does not wait for the thread. No mail comes after it. */
struct resolver *resolver_free(struct resolver *resolver);
