// SPDX-License-Identifier: MIT
#include "tests/broker/scripted-rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_action(struct rule *rule, const char *word)
{
	const char *equals = strchr(word, '=');

	snprintf(rule->action, sizeof(rule->action), "%.*s",
		(int)(equals ? equals - word : (long)strlen(word)), word);
	if (equals)
		rule->code = (unsigned)strtoul(equals + 1, NULL, 16);
}

void scripted_rules_add(struct scripted_rules *rules, char *text)
{
	struct rule *rule = &rules->rule[rules->n];
	char *save = NULL, *word = strtok_r(text, " ", &save);
	unsigned n = 0;

	if (!word || rules->n == RULES_MAX) {
		fputs("scripted-broker: too many rules, or an empty one\n", stderr);
		exit(2);
	}
	rules->n++;
	*rule = (struct rule){.left = -1};
	snprintf(rule->what, sizeof(rule->what), "%s", word);
	while ((word = strtok_r(NULL, " ", &save))) {
		if (word[0] == 'x' && word[1]) {
			rule->left = strtol(word + 1, NULL, 10);
		} else if (!strcmp(rule->what, "inject")) {
			rule->at_ms = strtol(word, NULL, 10);
			snprintf(rule->part, sizeof(rule->part), "%s", strtok_r(NULL, " ", &save));
			rule->payload = save;
			return;
		} else if (!strcmp(rule->what, "connack") || !strcmp(rule->what, "suback")) {
			if (n++ == 0)
				rule->code = (unsigned)strtoul(word, NULL, 16);
			else
				snprintf(rule->properties, sizeof(rule->properties), "%s", word);
		} else if (n++ == 0) {
			snprintf(rule->part, sizeof(rule->part), "%s", word);
		} else {
			set_action(rule, word);
		}
	}
}

static bool matches(const struct rule *rule, const char *what, const char *topic, bool is_retained)
{
	if (!rule->left || strcmp(rule->what, what))
		return false;
	if (!topic || !strcmp(rule->part, "*"))
		return true;
	if (rule->part[0] && rule->part[strlen(rule->part) - 1] == '$') {
		size_t n = strlen(rule->part) - 1;

		return strlen(topic) >= n && !memcmp(topic + strlen(topic) - n, rule->part, n);
	}
	return !strcmp(rule->part, "^retain") ? is_retained : strstr(topic, rule->part) != NULL;
}

const struct rule *scripted_rules_find(
	struct scripted_rules *rules, const char *what, const char *topic, bool is_retained)
{
	for (unsigned i = 0; i < rules->n; i++) {
		struct rule *rule = &rules->rule[i];

		if (!matches(rule, what, topic, is_retained))
			continue;
		if (rule->left > 0)
			rule->left--;
		return rule;
	}
	return NULL;
}

const struct rule *scripted_rules_find_on(struct scripted_rules *rules, const char *packet)
{
	for (unsigned i = 0; i < rules->n; i++) {
		struct rule *rule = &rules->rule[i];

		if (!rule->left || strcmp(rule->what, "on") || strcmp(rule->part, packet))
			continue;
		if (rule->left > 0)
			rule->left--;
		return rule;
	}
	return NULL;
}

const struct rule *scripted_rules_find_payload(
	struct scripted_rules *rules, const uint8_t *bytes, size_t n)
{
	for (unsigned i = 0; i < rules->n; i++) {
		struct rule *rule = &rules->rule[i];

		if (!rule->left || strcmp(rule->what, "payload") ||
			!memmem(bytes, n, rule->part, strlen(rule->part)))
			continue;
		if (rule->left > 0)
			rule->left--;
		printf("matched %s\n", rule->part);
		return rule;
	}
	return NULL;
}
