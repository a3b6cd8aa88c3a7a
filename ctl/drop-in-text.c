// SPDX-License-Identifier: MIT
#include "ctl/drop-in-text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"

static const struct {
	const char *head;
	const char *first, *second; /* how a section begins */
} kinds[] = {
	[DROP_IN_TEXT_SENSORS] =
		{"# Written by coxactl adopt, release and replace, which keep [kit] and [wearable]\n"
		 "# sections but no comments.\n",
			"[kit ", "[wearable "},
	[DROP_IN_TEXT_GATEWAY] =
		{"# Written by coxactl setup, which keeps [gateway] and [mqtt] sections but "
		 "no comments.\n",
			"[gateway]", "[mqtt]"},
};

static char *trimmed(char *text)
{
	size_t size;

	text += strspn(text, " \t\r");
	size = strlen(text);
	while (size > 0 && strchr(" \t\r", text[size - 1]))
		text[--size] = '\0';
	return text;
}

static bool begins_with(const char *line, const char *word)
{
	return strncmp(line, word, strlen(word)) == 0;
}

/* NULL: none that is kept. */
static json_t *begin_section(enum drop_in_text_kind kind, json_t *sections, char *line)
{
	size_t size = strlen(line);
	json_t *section = NULL;

	if (line[size - 1] != ']' ||
		(!begins_with(line, kinds[kind].first) && !begins_with(line, kinds[kind].second)))
		return NULL;
	line[size - 1] = '\0';
	section = json_object_get(sections, line + 1);
	if (!section && json_object_set_new(sections, line + 1, json_object()) == 0)
		section = json_object_get(sections, line + 1);
	return section;
}

static bool take_key(json_t *section, char *line)
{
	char *equals = strchr(line, '=');

	if (!equals || !section)
		return false;
	*equals = '\0';
	return json_object_set_new(section, trimmed(line), json_string(trimmed(equals + 1))) == 0;
}

json_t *drop_in_text_parse(enum drop_in_text_kind kind, const char *text, size_t size)
{
	_auto_free_ char *copy = alloc_zero(1, size + 1);
	json_t *sections = json_object(), *section = NULL;
	char *rest = copy, *line;
	bool is_good = !memchr(text, '\0', size);

	memcpy(copy, text, size);

	while (is_good && (line = strsep(&rest, "\n"))) {
		line = trimmed(line);
		if (!line[0] || line[0] == '#' || line[0] == ';')
			continue;
		if (line[0] == '[')
			is_good = (section = begin_section(kind, sections, line));
		else
			is_good = take_key(section, line);
	}
	if (is_good)
		return sections;
	json_decref(sections);
	return NULL;
}

static char *with(char *text, char *more)
{
	char *both = alloc_printf("%s%s", text, more);

	free(text);
	free(more);
	return both;
}

char *drop_in_text_write(enum drop_in_text_kind kind, const json_t *sections)
{
	char *text = alloc_text(kinds[kind].head);
	const char *title, *key;
	json_t *section, *value;

	json_object_foreach((json_t *)sections, title, section)
	{
		text = with(text, alloc_printf("\n[%s]\n", title));
		json_object_foreach(section, key, value) text =
			with(text, alloc_printf("%s = %s\n", key, json_string_value(value)));
	}
	return text;
}
