// SPDX-License-Identifier: MIT
#include "coxad/bluez/source-bluez-pair.h"

#include <errno.h>

#include "daemon/bluez/bluez-bus.h"
#include "daemon/bluez/bluez-pairing.h"
#include "daemon/bluez/source-bluez-links.h"
#include "daemon/bluez/source-bluez-pairing.h"

int source_bluez_pair(struct source_bluez *source, const char *address, int64_t for_us,
	const struct source_bluez_pair_ops *ops, void *user)
{
	const struct bluez_link *link = source_bluez_links_find(source, address);

	if (source->context.pairing)
		return -EBUSY;
	if (!bluez_bus_calls(source->context.bus) || !source->left.is_mirrored ||
		source->context.is_stopping)
		return -ENOTCONN;
	if (!link)
		return -ENOENT;
	if (bluez_link_is_bonded(link))
		return -EEXIST;
	return source_bluez_pairing_begin(source, address, for_us, ops, user);
}

int source_bluez_pair_answer(struct source_bluez *source, const char *answer)
{
	return source->context.pairing ? bluez_pairing_answer(source->context.pairing, answer)
				       : -ENOENT;
}

void source_bluez_pair_cancel(struct source_bluez *source)
{
	source->pair_ops = NULL;
	source_bluez_pairing_end(source, SOURCE_BLUEZ_PAIR_END_DECLINED);
}
