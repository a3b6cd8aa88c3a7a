// SPDX-License-Identifier: MIT
#pragma once
/* The rules of scripted-broker, as its command line gives them. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RULES_MAX 64

struct rule {
	char what[16], part[128], action[32], properties[128];
	const char *payload;
	unsigned code;
	long at_ms, left; /* left < 0: for ever */
	bool is_done;     /* inject, in this connection */
};

struct scripted_rules {
	struct rule rule[RULES_MAX];
	unsigned n;
};

/* Ends the program if it is no rule. Cuts the text, which stays in use. */
void scripted_rules_add(struct scripted_rules *rules, char *text);
/* The first rule for such a packet that is not used up, and uses it once; NULL: none. */
const struct rule *scripted_rules_find(
	struct scripted_rules *rules, const char *what, const char *topic, bool is_retained);
const struct rule *scripted_rules_find_on(struct scripted_rules *rules, const char *packet);
const struct rule *scripted_rules_find_payload(
	struct scripted_rules *rules, const uint8_t *bytes, size_t n);
