// SPDX-License-Identifier: MIT
#include "daemon/control/state-text.h"

#include <jansson.h>
#include <string.h>

#include "coxad/base/alloc.h"

/* Longest topic below the base, as JSON. */
#define TOPIC_BYTES 600

const char *state_text_below(const char *topic, const char *base)
{
	size_t length = strlen(base);

	return strncmp(topic, base, length) == 0 && topic[length] == '/' ? topic + length + 1
									 : NULL;
}

static void append(struct state_text *s, const char *bytes, size_t size)
{
	while (s->capacity - s->size <= size) {
		s->capacity = s->capacity ? 2 * s->capacity : 4096;
		s->text = alloc_resize(s->text, s->capacity, 1);
	}
	memcpy(s->text + s->size, bytes, size);
	s->size += size;
	s->text[s->size] = '\0';
}

void state_text_begin(struct state_text *s, const char *base)
{
	*s = (struct state_text){.base = base};
	append(s, "{", 1);
}

void state_text_add(void *state, const struct message *message)
{
	struct state_text *s = state;
	const char *topic = state_text_below(message->topic, s->base);
	json_t *value = topic ? json_string(topic) : NULL;
	char text[TOPIC_BYTES];
	size_t length = value ? json_dumpb(value, text, sizeof(text), JSON_ENCODE_ANY) : 0;

	json_decref(value);
	if (length == 0 || length > sizeof(text) || message->size == 0)
		return;
	if (s->size > 1)
		append(s, ",", 1);
	append(s, text, length);
	append(s, ":", 1);
	append(s, message->payload, message->size);
}

char *state_text_end(struct state_text *s)
{
	append(s, "}", 1);
	s->size = s->capacity = 0;
	return steal(s->text);
}
