// SPDX-License-Identifier: MIT
#include "tests/drivers/vector-packets.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/hex.h"

struct reader {
	struct vector_packet *packets;
	size_t n, capacity;
};

int vector_packets_from_hex(const char *text, uint8_t *ret, size_t capacity)
{
	size_t n = 0;

	for (text += strspn(text, " -\n"); *text; text += 2 + strspn(text + 2, " -\n"))
		if (n == capacity || hex_decode(text, strnlen(text, 2), &ret[n++], 1) != 1)
			return -EINVAL;
	return (int)n;
}

static int read_packet(struct reader *r, const char *line)
{
	struct vector_packet *p = &r->packets[r->n];
	char uuid[64];
	int at, size;

	if (sscanf(line, "in %63s %n", uuid, &at) != 1 || r->n == r->capacity)
		return 0;
	size = vector_packets_from_hex(line + at, p->data, sizeof(p->data));
	if (size < 0 || uuid_from_string(uuid, &p->characteristic) < 0)
		return -EINVAL;
	p->size = (size_t)size;
	r->n++;
	return 0;
}

static int read_file(struct reader *r, const char *path)
{
	static char line[16384];
	FILE *f = fopen(path, "r");
	int result = 0;

	while (f && result == 0 && fgets(line, sizeof(line), f))
		result = read_packet(r, line);
	if (f)
		fclose(f);
	return result;
}

static int is_vectors(const struct dirent *entry)
{
	const char *end = strrchr(entry->d_name, '.');

	return end && strcmp(end, ".txt") == 0;
}

int vector_packets_read(const char *driver, struct vector_packet *ret, size_t capacity)
{
	struct reader r = {.packets = ret, .capacity = capacity};
	char folder[1024], path[2048];
	struct dirent **files;
	int n, result = 0;

	snprintf(folder, sizeof(folder), "%s/tests/vectors/%s", TOP_SRCDIR, driver);
	n = scandir(folder, &files, is_vectors, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, files[i]->d_name);
		result = result < 0 ? result : read_file(&r, path);
		free(files[i]);
	}
	if (n >= 0)
		free(files);
	return result < 0 ? result : (int)r.n;
}
