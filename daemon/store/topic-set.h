// SPDX-License-Identifier: MIT
#pragma once
/* Topics, each once. Empty when zero; owns copies. A search through all of them. */
#include <stdbool.h>
#include <stddef.h>

struct topic_set {
	char **topic;
	size_t n, capacity;
};

void topic_set_add(struct topic_set *set, const char *topic);
bool topic_set_has(const struct topic_set *set, const char *topic);
void topic_set_clear(struct topic_set *set);
