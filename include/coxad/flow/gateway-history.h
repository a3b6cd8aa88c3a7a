// SPDX-License-Identifier: MIT
#pragma once
/* command/history: questions to the logbook, whose answers come later, from a disk that the loop does not
 * wait for. Pure; a replay is answered at once, from what it entered itself.
 */
#include <stdint.h>

#include "coxad/wire/command.h"

struct gateway;

/* More are answered "busy". */
#define GATEWAY_HISTORY_MAX 16

/* The answer to what gateway_ops.ask was called with, as of the last gateway_advance. r < 0: the disk does
 * not give it now. */
void gateway_history_answer(
	struct gateway *gateway, uint64_t question, int r, const struct logbook_page *page);

/* For gateway*.c. True: the answer comes later, or came already. False: *reply is the answer. reply_to is
 * copied; NULL: to the topic of the verb. */
bool gateway_history_ask(struct gateway *gateway, const struct command *command,
	struct command_reply *reply, const struct reply_to *reply_to);
/* Forgets all questions. */
void gateway_history_done(struct gateway *gateway);
