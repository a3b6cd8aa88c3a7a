// SPDX-License-Identifier: MIT
#pragma once
/* Why an encrypted connection does not come about. Paho reports only that it failed, so after a failure
 * the handshake is made once more, by a thread of its own, to look at each step. Nothing but the
 * handshake is sent: no name, no password.
 */
#include <stdbool.h>
#include <stddef.h>

#include "daemon/mqtt/tls-files.h"

struct tls_probe;

/* Copies the texts. broker: mqtts or wss. */
struct tls_probe *tls_probe_new(const char *broker, const struct tls_files *files);
/* Does not wait for the thread. */
struct tls_probe *tls_probe_free(struct tls_probe *probe);
/* What the last handshake came upon; false: nothing, or there was none. Any thread. */
bool tls_probe_found(struct tls_probe *probe, char *ret_text, size_t size);
/* Starts the thread unless it is running; what it finds goes to the journal, the same sentence once in
 * ten minutes. */
void tls_probe_start(struct tls_probe *probe);
