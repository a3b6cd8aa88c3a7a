// SPDX-License-Identifier: MIT
#include "coxad/config/conf-notes.h"

#include <stdio.h>

#include "coxad/config/broker-url.h"
#include "coxad/drivers/driver-list.h"
#include "coxad/drivers/driver.h"

static bool needs_bond(const struct conf *conf, const struct wearable_conf *wearable)
{
	const struct driver *driver = wearable->driver ? driver_list_find(wearable->driver) : NULL;

	return wearable->bond || conf->bluetooth.require_encryption ||
	       (driver && driver->needs_bond);
}

/* May be bonded already; but only a person can do that then. */
static bool note_pairing(const struct conf *conf, char ret[static CONF_NOTE_SIZE])
{
	unsigned n = 0;

	for (size_t i = 0; i < conf->n_wearables; i++)
		n += !conf->wearable[i].is_gone && needs_bond(conf, &conf->wearable[i]);
	snprintf(ret, CONF_NOTE_SIZE,
		"pairing = never: the %u wearables that need a bond must be paired, with coxactl "
		"pair; or set pairing = configured",
		n);
	return n && conf->bluetooth.pairing == PAIRING_MODE_NEVER;
}

/* Which kind they are shows only when they connect. */
static bool note_unknown(const struct conf *conf, char ret[static CONF_NOTE_SIZE])
{
	unsigned n = 0;

	for (size_t i = 0; i < conf->n_wearables; i++)
		n += !conf->wearable[i].is_gone && !conf->wearable[i].driver &&
		     !needs_bond(conf, &conf->wearable[i]);
	snprintf(ret, CONF_NOTE_SIZE,
		"pairing = never: of the %u wearables with driver = auto, those of the Coxa profile "
		"need a bond: pair them with coxactl pair, or set pairing = configured",
		n);
	return n && conf->bluetooth.pairing == PAIRING_MODE_NEVER;
}

static bool has_password(const struct conf *conf)
{
	return conf->mqtt.password_file || conf->mqtt.password_credential;
}

static bool note_password(
	const struct conf *conf, const struct broker_url *url, char ret[static CONF_NOTE_SIZE])
{
	snprintf(ret, CONF_NOTE_SIZE,
		"broker = %.170s: the password crosses the network unencrypted, and so does all that "
		"is said of athletes; use mqtts:// with ca-file",
		conf->mqtt.broker);
	return has_password(conf) && !url->is_tls && !broker_url_is_local(url);
}

static bool note_files(
	const struct conf *conf, const struct broker_url *url, char ret[static CONF_NOTE_SIZE])
{
	const char *key = conf->mqtt.ca_file            ? "ca-file"
			  : conf->mqtt.certificate_file ? "certificate-file"
							: NULL;

	snprintf(ret, CONF_NOTE_SIZE,
		"%s has no effect, because broker = %.170s is not encrypted; use mqtts:// or wss://",
		key ? key : "", conf->mqtt.broker);
	return key && !url->is_tls;
}

static bool note_username(const struct conf *conf, char ret[static CONF_NOTE_SIZE])
{
	snprintf(ret, CONF_NOTE_SIZE,
		"a password is set without username; most brokers refuse that: set username");
	return has_password(conf) && !conf->mqtt.username;
}

void conf_notes(const struct conf *conf,
	void (*each)(void *user, enum conf_note_kind kind, const char *note), void *user)
{
	char note[CONF_NOTE_SIZE];
	struct broker_url url;

	if (note_pairing(conf, note))
		each(user, CONF_NOTE_CERTAIN, note);
	if (note_unknown(conf, note))
		each(user, CONF_NOTE_POSSIBLE, note);
	if (!conf->mqtt.broker || !broker_url_read(conf->mqtt.broker, &url))
		return;
	if (note_password(conf, &url, note))
		each(user, CONF_NOTE_CERTAIN, note);
	if (note_files(conf, &url, note))
		each(user, CONF_NOTE_CERTAIN, note);
	if (note_username(conf, note))
		each(user, CONF_NOTE_CERTAIN, note);
}
