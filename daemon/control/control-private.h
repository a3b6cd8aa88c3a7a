// SPDX-License-Identifier: MIT
#pragma once
/* The service's own state, for control*.c alone: control.c owns the parts, control-gateway.c and
 * control-admin.c are the two interfaces, control-call.c is what their methods share.
 */
#include "coxad/control/control.h"
#include "daemon/control/caller-rate.h"
#include "daemon/control/control-adopt.h"
#include "daemon/control/control-backup.h"
#include "daemon/control/control-bus.h"
#include "daemon/control/control-erase.h"
#include "daemon/control/control-pair.h"
#include "daemon/control/control-pending.h"
#include "daemon/control/control-record.h"
#include "daemon/control/control-watch.h"

struct control {
	const struct conf *conf;
	const struct control_ops *ops;
	void *user;
	struct control_bus bus;
	struct caller_rate rate;
	struct control_pending pending;
	struct control_watch watch;
	struct control_record record;
	struct control_adopt adopt;
	struct control_pair pair;
	struct control_backup backup;
	struct control_erase erase;
};
