// SPDX-License-Identifier: MIT
#pragma once
/* An event of a recording, given to the gateway: what the live run did with it. */
#include "coxad/flow/gateway.h"
#include "coxad/store/source-replay.h"

struct replay_event {
	struct gateway *gateway;
	struct source_replay *source;
	struct conf *conf; /* the gateway's */
};

/* -EINVAL: the configuration in it cannot be used, see source_replay_error(). */
int replay_event_take(const struct replay_event *to, const struct capture_event *event);
