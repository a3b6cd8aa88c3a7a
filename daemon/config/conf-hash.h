// SPDX-License-Identifier: MIT
#pragma once
/* The fingerprint of all in the configuration that changes a verdict: thresholds, kits, who sits
 * where. Not of names of wearables, radio, broker or outbox, nor of the order of sections.
 */
#include "coxad/config/conf.h"

void conf_hash(const struct conf *conf, char ret[static CONF_HASH_SIZE]);
