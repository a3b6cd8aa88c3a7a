// SPDX-License-Identifier: MIT
#include "ctl/scrub.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"

#define SET "(set)"

void scrub_done(struct scrub *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->known[i].name);
		free(s->known[i].word);
	}
	free(s->known);
}

static bool is_known(const struct scrub *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->known[i].name, name) == 0)
			return true;
	return false;
}

static bool is_number(const char *name)
{
	return name[strspn(name, "0123456789")] == '\0';
}

void scrub_learn(struct scrub *s, const char *kind, const char *name, bool is_person)
{
	if (s->keeps_names || !name[0] || is_known(s, name) || (is_number(name) && !is_person))
		return;
	s->known = alloc_grow(s->known, s->n, &s->capacity, sizeof(*s->known));
	s->known[s->n].name = alloc_text(name);
	s->known[s->n].word = alloc_printf("%s-%zu", kind, s->n + 1);
	s->n++;
}

/* Bytes beyond ASCII are parts of letters. */
static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* How long the longest name is that stands here. */
static size_t name_at(const struct scrub *s, const char *text, const char *at, const char **ret)
{
	size_t longest = 0;

	if (at > text && is_letter(at[-1]) && is_letter(at[0]))
		return 0;
	for (size_t i = 0; i < s->n; i++) {
		size_t length = strlen(s->known[i].name);

		if (length <= longest || strncmp(at, s->known[i].name, length) != 0 ||
			(is_letter(at[length - 1]) && is_letter(at[length])))
			continue;
		longest = length;
		*ret = s->known[i].word;
	}
	return longest;
}

/* "C0:A5:00:00:03:01", and as a part of D-Bus paths and file names. */
static size_t address_at(const char *at, char ret[static ADDRESS_SHORT_SIZE])
{
	char word[ADDRESS_SIZE] = "", address[ADDRESS_SIZE];
	size_t length = strnlen(at, ADDRESS_SIZE - 1);

	for (size_t i = 0; i < length; i++)
		word[i] = i % 3 == 2 && (at[i] == '_' || at[i] == '-') ? ':' : at[i];
	if (address_from_string(word, address) < 0)
		return 0;
	address_shorten(address, ret);
	return length;
}

/* A login before the host of a URL, behind its "://". */
static size_t login_at(const char *text, const char *at)
{
	size_t length = strcspn(at, "@/ \t\r\n\"'");

	return at - text >= 3 && strncmp(at - 3, "://", 3) == 0 && at[length] == '@' ? length : 0;
}

/* A value of a setting that tells how to log in: all of the line behind its " = ". */
static size_t secret_at(const char *text, const char *at)
{
	static const char *const keys[] = {
		"username", "password-file", "password-credential", "key-file", "certificate-file"};
	const char *line = at;

	if (at - text < 3 || strncmp(at - 3, " = ", 3) != 0)
		return 0;
	while (line > text && line[-1] != '\n')
		line--;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if ((size_t)(at - 3 - line) == strlen(keys[i]) &&
			strncmp(line, keys[i], strlen(keys[i])) == 0)
			return strcspn(at, "\n");
	return 0;
}

/* How much of the text is replaced here, and by what. */
static size_t replaced_at(const struct scrub *s, const char *text, const char *at,
	char address[static ADDRESS_SHORT_SIZE], const char **ret)
{
	size_t length = secret_at(text, at);

	*ret = SET;
	if (!length)
		length = login_at(text, at);
	if (length)
		return length;
	*ret = address;
	length = address_at(at, address);
	return length ? length : name_at(s, text, at, ret);
}

char *scrub_text(const struct scrub *s, const char *text)
{
	char *clean = NULL, address[ADDRESS_SHORT_SIZE];
	size_t size;
	FILE *out = open_memstream(&clean, &size);

	if (!out)
		abort();
	for (const char *at = text; *at;) {
		const char *word;
		size_t length = replaced_at(s, text, at, address, &word);

		if (length)
			fputs(word, out);
		else
			fputc(*at, out);
		at += length ? length : 1;
	}
	fclose(out);
	return clean;
}
