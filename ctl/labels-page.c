// SPDX-License-Identifier: MIT
#include "ctl/labels-page.h"

#include <stddef.h>

#include "ctl/topic.h"

/* Characters that fit into one line of the widest and the next type. */
#define SHORT_NAME  14
#define MEDIUM_NAME 24

/* A label grows with a name that is too long for it: nothing is cut off. */
static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Labels</title>\n"
	"<style>\n"
	"@page { margin: 10mm; }\n"
	"body { margin: 0; font-family: sans-serif; display: flex; flex-wrap: wrap; }\n"
	".label { box-sizing: border-box; width: 54mm; min-height: 18mm; margin: -0.2mm 0 0 -0.2mm;\n"
	"  padding: 2mm; border: 0.2mm dashed #888; overflow-wrap: anywhere; break-inside: avoid; }\n"
	".label b { display: block; line-height: 1.1; font-size: 15pt; }\n"
	".label b.medium { font-size: 9pt; }\n"
	".label b.long { font-size: 7pt; }\n"
	".label span { font-size: 8pt; }\n"
	"</style>\n";

static void print_text(FILE *file, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&':
			fputs("&amp;", file);
			break;
		case '<':
			fputs("&lt;", file);
			break;
		case '>':
			fputs("&gt;", file);
			break;
		default:
			putc(*text, file);
		}
}

/* Of UTF-8: bytes that begin a character. */
static size_t length_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static const char *type_for(const char *name)
{
	size_t length = length_of(name);

	if (length <= SHORT_NAME)
		return "<b>";
	return length <= MEDIUM_NAME ? "<b class=\"medium\">" : "<b class=\"long\">";
}

static void print_label(FILE *file, const json_t *wearable)
{
	const char *name = topic_text(wearable, "name");

	fprintf(file, "<div class=\"label\">%s", type_for(name));
	print_text(file, name);
	fputs("</b><span>kit ", file);
	print_text(file, topic_text(wearable, "kit"));
	fputs(", ", file);
	print_text(file, topic_text(wearable, "placement"));
	fputs("</span></div>\n", file);
}

void labels_page_print(FILE *file, const json_t *wearables)
{
	json_t *one;
	size_t i;

	fputs(head, file);
	json_array_foreach((json_t *)wearables, i, one) print_label(file, one);
	fputs("</html>\n", file);
}
