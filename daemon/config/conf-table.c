// SPDX-License-Identifier: MIT
#include "daemon/config/conf-table.h"

#define GATEWAY(key, type, field, min, max, unit, def, doc)                                        \
	{CONF_SECTION_GATEWAY, key, CONF_TYPE_##type, offsetof(struct conf, gateway.field), min,   \
		max, unit, def, doc},
#define MQTT(key, type, field, min, max, unit, def, doc)                                           \
	{CONF_SECTION_MQTT, key, CONF_TYPE_##type, offsetof(struct conf, mqtt.field), min, max,    \
		unit, def, doc},
#define OUTBOX(key, type, field, min, max, unit, def, doc)                                         \
	{CONF_SECTION_OUTBOX, key, CONF_TYPE_##type, offsetof(struct conf, outbox.field), min,     \
		max, unit, def, doc},
#define BLUETOOTH(key, type, field, min, max, unit, def, doc)                                      \
	{CONF_SECTION_BLUETOOTH, key, CONF_TYPE_##type, offsetof(struct conf, bluetooth.field),    \
		min, max, unit, def, doc},
#define KIT(key, type, field, min, max, unit, def, doc)                                            \
	{CONF_SECTION_KIT, key, CONF_TYPE_##type, offsetof(struct kit_conf, field), min, max,      \
		unit, def, doc},
#define WEARABLE(key, type, field, min, max, unit, def, doc)                                       \
	{CONF_SECTION_WEARABLE, key, CONF_TYPE_##type, offsetof(struct wearable_conf, field), min, \
		max, unit, def, doc},

const struct conf_row conf_table[] = {
	/* clang-format off */
	GATEWAY("name", NAME, name, 1, 32, "", "coxad", "name of this gateway in topics and messages; unique within the site")
	GATEWAY("site", NAME, site, 1, 32, "", "gym", "name of the site, part of every topic")
	GATEWAY("role", ROLE, role, 0, 0, "", "all", "part in a gym with many radios; all: hears the wearables and judges, alone; radio: hears them for a brain, which has the kits; brain: judges what the radios of its site hear")
	GATEWAY("state-directory", PATH, state_directory, 1, 170, "", NULL, "where the outbox and the history are stored; unset: the directory that systemd provides")

	MQTT("broker", URL, broker, 1, 170, "", NULL, "URL of the MQTT broker; unset: messages go to standard output")
	MQTT("base", TOPIC, base, 1, 128, "", NULL, "what every topic begins with; unset: coxa/v1/ followed by the site")
	MQTT("version", VERSION, version, 0, 0, "", "5", "version of the MQTT protocol")
	MQTT("client-id", TEXT, client_id, 1, 64, "", NULL, "client id to use with the broker; unset: coxad- followed by the gateway's name")
	MQTT("username", TEXT, username, 1, 128, "", NULL, "user name to log in to the broker with; unset: none")
	MQTT("password-credential", TEXT, password_credential, 1, 128, "", NULL, "name of the systemd credential that holds the password (LoadCredential=); unset: none")
	MQTT("password-file", PATH, password_file, 1, 170, "", NULL, "file whose first line is the password, for use without systemd; unset: none")
	MQTT("ca-file", PATH, ca_file, 1, 170, "", NULL, "PEM file of the certificate authorities to trust; unset: the system's")
	MQTT("certificate-file", PATH, certificate_file, 1, 170, "", NULL, "PEM file of the client certificate; unset: none")
	MQTT("key-file", PATH, key_file, 1, 170, "", NULL, "PEM file of the private key for certificate-file; unset: none")
	MQTT("posture-rate", NUMBER, posture_rate_hz, 0, 10, "Hz", "10", "maximum rate of posture messages for each athlete; 0: none")
	MQTT("stats-interval", DURATION, stats_interval_s, 1, 3600, "s", "10", "time between statistics messages")
	MQTT("home-assistant", BOOL, home_assistant, 0, 0, "", "no", "publish discovery messages for Home Assistant")

	OUTBOX("max-events", COUNT, max_events, 16, 1000000, "", "10000", "maximum number of events kept while the broker is unreachable")
	OUTBOX("max-bytes", BYTES, max_bytes, 65536, 1073741824, "bytes", "8M", "maximum total size of the events kept while the broker is unreachable")
	OUTBOX("max-age", DURATION, max_age_s, 60, 31536000, "s", "7d", "events older than this are dropped; alerts never are")

	BLUETOOTH("adapters", ADAPTERS, adapters, 1, 170, "", "all", "Bluetooth adapters to use")
	BLUETOOTH("slots", COUNT, slots, 1, 32, "", "7", "maximum number of connections per adapter; a Raspberry Pi's own adapter can hold about 7")
	BLUETOOTH("notify", NOTIFY, notify, 0, 0, "", "auto", "how notifications are received; fd: through a file descriptor; signal: by D-Bus signals; auto: fd if this version of BlueZ handles it safely")
	BLUETOOTH("require-encryption", BOOL, require_encryption, 0, 0, "", "no", "use wearables only over an encrypted connection")
	BLUETOOTH("pairing", PAIRING, pairing, 0, 0, "", "never", "whether to pair; configured: only with wearables that have bond = yes")

#define X(field_, name, default_, minimum, maximum, unit_, doc_)                                   \
	{.section = CONF_SECTION_ANALYSIS, .key = #name, .type = CONF_TYPE_NUMBER,                 \
		.offset = offsetof(struct conf, analysis.field_), .min = minimum, .max = maximum,    \
		.unit = unit_, .doc = doc_},
#include "coxad/core/analysis-list.h"
#undef X

	KIT("exercise", EXERCISE, exercise, 0, 0, "", NULL, "exercise profile until a session selects another; required if the kit has an athlete")
	KIT("athlete", NAME, athlete, 1, 32, "", NULL, "athlete who wears the kit until a session names another; unset: nobody")
	KIT("radio", NAME, radio, 1, 32, "", NULL, "with role = brain, name of the radio that is to serve the wearables of the kit if it can, as it is nearest; unset: whichever hears them best")

	WEARABLE("address", ADDRESS, address, 0, 0, "", NULL, "Bluetooth address; required")
	WEARABLE("kit", KIT, kit, 1, 32, "", NULL, "name of the kit that the wearable belongs to; required")
	WEARABLE("placement", PLACEMENT, placement, 0, 0, "", NULL, "where the wearable is worn; required; a room microphone may be in any kit and serves all of them")
	WEARABLE("driver", DRIVER, driver, 1, 32, "", "auto", "id of the driver, see coxad --list-drivers; auto: recognise the kind of wearable")
	WEARABLE("notify", NOTIFY, notify, 0, 0, "", NULL, "notify for this wearable only; unset: as in [bluetooth]")
	WEARABLE("bond", BOOL, bond, 0, 0, "", "no", "pair and keep the bond; needs pairing = configured")
	/* clang-format on */
};
const size_t conf_table_size = sizeof(conf_table) / sizeof(conf_table[0]);

const char *conf_section_to_string(enum conf_section section)
{
	switch (section) {
	case CONF_SECTION_GATEWAY:
		return "gateway";
	case CONF_SECTION_MQTT:
		return "mqtt";
	case CONF_SECTION_OUTBOX:
		return "outbox";
	case CONF_SECTION_BLUETOOTH:
		return "bluetooth";
	case CONF_SECTION_ANALYSIS:
		return "analysis";
	case CONF_SECTION_KIT:
		return "kit";
	case CONF_SECTION_WEARABLE:
		return "wearable";
	case CONF_SECTION_COUNT:
		break;
	}
	return "";
}

void conf_table_key(const struct conf_row *row, char ret[static CONF_KEY_SIZE])
{
	size_t i;

	for (i = 0; row->key[i] && i < CONF_KEY_SIZE - 1; i++)
		ret[i] = row->key[i] == '_' ? '-' : row->key[i];
	ret[i] = '\0';
}
