// SPDX-License-Identifier: MIT
#pragma once
/* The fingerprint of everything in the configuration that influences a verdict: thresholds, kits, and
 * which wearable is worn where. Not the names of wearables, radio, broker, outbox, or the order of
 * sections.
 */
#include "coxad/config/conf.h"

void conf_hash(const struct conf *conf, char ret[static CONF_HASH_SIZE]);
