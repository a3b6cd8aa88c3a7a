// SPDX-License-Identifier: MIT
#pragma once
/* The keys of the configuration, a row for each. The reader, --print-config, the shipped file and the
 * man page are made from these rows or checked against them.
 */
#include <stddef.h>

#include "coxad/config/conf.h"

enum conf_section {
	CONF_SECTION_GATEWAY,
	CONF_SECTION_MQTT,
	CONF_SECTION_OUTBOX,
	CONF_SECTION_BLUETOOTH,
	CONF_SECTION_ANALYSIS,
	CONF_SECTION_KIT,      /* [kit NAME] */
	CONF_SECTION_WEARABLE, /* [wearable NAME] */
	CONF_SECTION_COUNT
};

/* What a value is, and the C type of its field. */
enum conf_type {
	CONF_TYPE_TEXT,      /* char * */
	CONF_TYPE_NAME,      /* char *, conf_name_is_valid */
	CONF_TYPE_PATH,      /* char *, absolute */
	CONF_TYPE_URL,       /* char *, a broker */
	CONF_TYPE_TOPIC,     /* char *, levels of a topic without wildcards */
	CONF_TYPE_DRIVER,    /* char *, NULL for auto */
	CONF_TYPE_ADDRESS,   /* char [ADDRESS_SIZE] */
	CONF_TYPE_ADAPTERS,  /* char *, "all" or addresses */
	CONF_TYPE_NUMBER,    /* double */
	CONF_TYPE_COUNT,     /* unsigned */
	CONF_TYPE_BYTES,     /* uint64_t, suffix K, M or G */
	CONF_TYPE_DURATION,  /* double seconds, suffix s, min, h or d */
	CONF_TYPE_BOOL,      /* bool */
	CONF_TYPE_VERSION,   /* unsigned, of MQTT */
	CONF_TYPE_ROLE,      /* enum gateway_role */
	CONF_TYPE_NOTIFY,    /* enum notify_mode */
	CONF_TYPE_PAIRING,   /* enum pairing_mode */
	CONF_TYPE_EXERCISE,  /* enum exercise */
	CONF_TYPE_PLACEMENT, /* enum placement */
	CONF_TYPE_KIT,       /* unsigned, resolved when everything is read */
};

struct conf_row {
	enum conf_section section;
	const char *key; /* in [analysis] with _ where the file has - */
	enum conf_type type;
	size_t offset;    /* in struct conf, kit_conf or wearable_conf */
	double min, max;  /* of a number, in `unit`; of a text, its length in bytes */
	const char *unit; /* for people, "" if there is none */
	const char *def;  /* the default as text; NULL: none, or computed as the doc says */
	const char *doc;
};

/* Enough for a key and its terminator. */
#define CONF_KEY_SIZE 64

extern const struct conf_row conf_table[];
extern const size_t conf_table_size;

/* "gateway"; for CONF_SECTION_KIT "kit". */
const char *conf_section_to_string(enum conf_section section);
/* The key as it is written in a file. */
void conf_table_key(const struct conf_row *row, char ret[static CONF_KEY_SIZE]);
