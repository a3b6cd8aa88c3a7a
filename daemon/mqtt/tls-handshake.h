// SPDX-License-Identifier: MIT
#pragma once
/* One TLS handshake with a broker, and in words what is wrong with it. Waits, at most for some ten
 * seconds beside resolving the name: not for the loop's thread. */
#include <stdbool.h>

#include "coxad/config/broker-url.h"
#include "daemon/mqtt/tls-files.h"

#define TLS_HANDSHAKE_TEXT_SIZE FILE_TEXT_ERROR_SIZE

struct tls_target {
	struct broker_url url;
	struct tls_files files;
};

/* False if nothing is wrong with it, or the broker cannot be reached at all. */
bool tls_handshake_explain(
	const struct tls_target *target, char ret_text[static TLS_HANDSHAKE_TEXT_SIZE]);
