// SPDX-License-Identifier: MIT
/* print-keys conf|man FILE: FILE with the part between its two marks ("keys begin", "keys end")
 * made from the table. Run by `make update-docs`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/config/key-text.h"

int main(int argc, char **argv)
{
	char line[4096], *keys;
	FILE *file = argc == 3 ? fopen(argv[2], "r") : NULL;
	int inside = 0;

	if (!file) {
		fprintf(stderr, "usage: print-keys conf|man FILE\n");
		return 2;
	}
	keys = strcmp(argv[1], "man") == 0 ? key_text_man() : key_text_conf();
	while (fgets(line, sizeof(line), file)) {
		if (strstr(line, "keys end")) {
			fputs(keys, stdout);
			inside = 0;
		}
		if (!inside)
			fputs(line, stdout);
		if (strstr(line, "keys begin"))
			inside = 1;
	}
	fclose(file);
	free(keys);
	return 0;
}
