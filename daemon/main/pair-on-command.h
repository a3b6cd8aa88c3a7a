// SPDX-License-Identifier: MIT
#pragma once
/* Pairing that somebody asks for over D-Bus, for struct control_ops. */
#include "coxad/base/address.h"
#include "coxad/bluez/source-bluez.h"
#include "coxad/config/conf.h"
#include "coxad/control/control.h"

/* All borrowed for life. */
struct pair_on_command {
	struct control *const *control;
	struct source_bluez *const *source; /* NULL there: no bus yet */
	const struct conf *conf;
	char address[ADDRESS_SIZE]; /* whom a person pairs */
};

int pair_on_command_begin(struct pair_on_command *pair, const char *who, unsigned seconds,
	char ret_why[static CONTROL_WHY_SIZE]);
int pair_on_command_answer(struct pair_on_command *pair, const char *answer);
void pair_on_command_cancel(struct pair_on_command *pair);
