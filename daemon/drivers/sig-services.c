// SPDX-License-Identifier: MIT
/*  2a19  battery level    u8 %, above 100 reserved, 255 where it is not known
 *  2a23  system id        8 bytes
 *  2a24 model, 2a25 serial, 2a26 firmware, 2a27 hardware, 2a28 software, 2a29 maker: UTF-8
 *  2a2b  current time     year u16 | month day hour minute second weekday fractions/256 reason u8
 *  2a37  heart rate       flags u8: 0 rate is u16, 1 contact, 2 reports contact, 3 energy,
 *                         4 beat intervals
 *                         rate u8 or u16 bpm | energy u16 kJ | intervals u16 1/1024 s, to the end
 *  2a50  PnP id           source u8 (1 SIG, 2 USB) | vendor product version u16
 *  2a56  digital inputs   2 bits for each input, lowest first: 0 inactive, 1 active, 2 tri-state,
 *                         3 output state
 *
 * All little-endian. Where contact is reported, a rate without contact is ignored.
 */
#include "coxad/drivers/sig-services.h"

#include "coxad/base/alloc.h"
#include "coxad/base/text.h"
#include "coxad/drivers/quantity.h"

#define BATTERY_LEVEL 0x2a19
#define SYSTEM_ID     0x2a23
#define MODEL         0x2a24
#define SERIAL        0x2a25
#define FIRMWARE      0x2a26
#define HARDWARE      0x2a27
#define SOFTWARE      0x2a28
#define MAKER         0x2a29
#define CURRENT_TIME  0x2a2b
#define HEART_RATE    0x2a37
#define PNP_ID        0x2a50
#define DIGITAL       0x2a56

#define FLAG_WIDE         0x01
#define FLAG_CONTACT      0x02
#define FLAG_CONTACT_TOLD 0x04
#define FLAG_ENERGY       0x08
#define FLAG_INTERVALS    0x10

#define INTERVALS_MAX 256 /* more than an ATT value holds */
#define TEXT_MAX      512
#define INPUTS_MAX    64

static const struct {
	uint16_t number;
	const char *name; /* of a text; NULL: not a text */
} known[] = {
	{BATTERY_LEVEL, NULL},
	{SYSTEM_ID, NULL},
	{MODEL, "model"},
	{SERIAL, "serial"},
	{FIRMWARE, "firmware"},
	{HARDWARE, "hardware"},
	{SOFTWARE, "software"},
	{MAKER, "maker"},
	{CURRENT_TIME, NULL},
	{HEART_RATE, NULL},
	{PNP_ID, NULL},
	{DIGITAL, NULL},
};

/* 0: not on the SIG's base. */
static unsigned number_of(const struct uuid *u)
{
	unsigned number = uuid_number(u);

	return uuid_is_equal(&UUID_SIG(number), u) ? number : 0;
}

bool sig_services_claim(const struct uuid *characteristic)
{
	unsigned number = number_of(characteristic);

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].number == number)
			return true;
	return false;
}

static int decode_battery(struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_BATTERY};

	if (bytes_left(&b) != 1)
		return -REASON_LENGTH;
	r.battery_percent = bytes_u8(&b);
	if (r.battery_percent == SIG_SERVICES_NO_BATTERY)
		return 0;
	if (r.battery_percent > 100)
		return -REASON_RANGE;
	emit(&r, user);
	return 1;
}

static int decode_text(struct bytes b, const char *name, driver_emit_fn emit, void *user)
{
	size_t size = bytes_left(&b);

	/* Some send a terminator all the same. */
	while (size > 0 && b.at[size - 1] == 0)
		size--;
	if (size > TEXT_MAX)
		return -REASON_LENGTH;
	if (size == 0)
		return 0;
	if (!text_is_clean(b.at, size))
		return -REASON_RANGE;
	return quantity_emit_text(emit, user, name, (const char *)b.at, size);
}

static int decode_time(struct bytes b, driver_emit_fn emit, void *user)
{
	double date[7];
	unsigned weekday, fractions;

	/* Some leave the reason out. */
	if (bytes_left(&b) != 10 && bytes_left(&b) != 9)
		return -REASON_LENGTH;
	date[0] = bytes_le16(&b);
	for (unsigned i = 1; i < 6; i++)
		date[i] = bytes_u8(&b);
	weekday = bytes_u8(&b);
	fractions = bytes_u8(&b);
	if (date[1] > 12 || date[2] > 31 || date[3] > 23 || date[4] > 59 || date[5] > 59 ||
		weekday > 7)
		return -REASON_RANGE;
	date[5] += fractions / 256.0;
	date[6] = weekday;
	return quantity_emit(emit, user, "date_time_weekday", "", date, ARRAY_LEN(date));
}

static int decode_pnp(struct bytes b, driver_emit_fn emit, void *user)
{
	double id[4];

	if (bytes_left(&b) != 7)
		return -REASON_LENGTH;
	id[0] = bytes_u8(&b);
	for (unsigned i = 1; i < 4; i++)
		id[i] = bytes_le16(&b);
	if (id[0] < 1 || id[0] > 2)
		return -REASON_RANGE;
	return quantity_emit(emit, user, "pnp_source_vendor_product_version", "", id, 4);
}

static int decode_digital(struct bytes b, driver_emit_fn emit, void *user)
{
	double input[INPUTS_MAX];
	unsigned n = 0;

	if (bytes_left(&b) < 1 || bytes_left(&b) > INPUTS_MAX / 4)
		return -REASON_LENGTH;
	while (bytes_left(&b) > 0) {
		unsigned octet = bytes_u8(&b);

		for (unsigned i = 0; i < 4; i++)
			input[n++] = octet >> 2 * i & 3u;
	}
	return quantity_emit(emit, user, "digital_inputs", "", input, n);
}

static int decode_heart_rate(struct bytes b, driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_HEART_RATE};
	double energy_j = 0, interval_s[INTERVALS_MAX];
	unsigned flags = bytes_u8(&b), intervals = 0;
	int n = 0;

	r.heart_rate_bpm = flags & FLAG_WIDE ? bytes_le16(&b) : bytes_u8(&b);
	if (flags & FLAG_ENERGY)
		energy_j = bytes_le16(&b) * 1000.0;
	if (b.failed || (flags & FLAG_INTERVALS ? bytes_left(&b) % 2 : bytes_left(&b)) != 0 ||
		bytes_left(&b) / 2 > INTERVALS_MAX)
		return -REASON_LENGTH;
	while (bytes_left(&b) > 0)
		interval_s[intervals++] = bytes_le16(&b) / 1024.0;
	/* 0 is what sensors send that have found no beat yet. */
	if (r.heart_rate_bpm > 0 && (!(flags & FLAG_CONTACT_TOLD) || flags & FLAG_CONTACT)) {
		emit(&r, user);
		n++;
	}
	if (flags & FLAG_CONTACT_TOLD)
		n += quantity_emit_number(
			emit, user, "skin_contact", "", flags & FLAG_CONTACT ? 1 : 0);
	if (flags & FLAG_ENERGY)
		n += quantity_emit_number(emit, user, "energy", "J", energy_j);
	if (intervals)
		n += quantity_emit(emit, user, "beat_intervals", "s", interval_s, intervals);
	return n;
}

int sig_services_decode(const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct bytes b = bytes_of(in->data, in->size);
	unsigned number = number_of(in->characteristic);

	switch (number) {
	case BATTERY_LEVEL:
		return decode_battery(b, emit, user);
	case SYSTEM_ID:
		return in->size == 8 ? 0 : -REASON_LENGTH;
	case CURRENT_TIME:
		return decode_time(b, emit, user);
	case HEART_RATE:
		return decode_heart_rate(b, emit, user);
	case PNP_ID:
		return decode_pnp(b, emit, user);
	case DIGITAL:
		return decode_digital(b, emit, user);
	}
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].number == number && known[i].name)
			return decode_text(b, known[i].name, emit, user);
	return -REASON_TYPE;
}

int sig_services_plan(const struct driver *driver, const struct driver_peer *peer,
	struct sig_services_known already, unsigned index, struct driver_step *ret)
{
	static const struct {
		uint16_t number;
		enum driver_step_kind kind;
	} steps[] = {
		{HEART_RATE, DRIVER_STEP_SUBSCRIBE},
		{BATTERY_LEVEL, DRIVER_STEP_READ},
		{MAKER, DRIVER_STEP_READ},
		{MODEL, DRIVER_STEP_READ},
		{FIRMWARE, DRIVER_STEP_READ},
	};

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		const struct uuid u = UUID_SIG(steps[i].number);

		bool is_known = steps[i].number == BATTERY_LEVEL ? already.battery
				: steps[i].number == HEART_RATE  ? false
								 : already.about;

		if (is_known || !driver_peer_has(peer, &u) || driver->claims(&u))
			continue;
		if (index-- > 0)
			continue;
		*ret = (struct driver_step){
			.kind = steps[i].kind, .characteristic = u, .is_optional = true};
		return 1;
	}
	return 0;
}
