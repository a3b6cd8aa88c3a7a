// SPDX-License-Identifier: MIT
#include "gym/smp.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/smp-crypto.h"

enum smp_code { /* Core Vol 3 Part H 3.3 */
	SMP_PAIRING_REQUEST = 0x01,
	SMP_PAIRING_RESPONSE = 0x02,
	SMP_CONFIRM = 0x03,
	SMP_RANDOM = 0x04,
	SMP_FAILED = 0x05,
	SMP_PUBLIC_KEY = 0x0c,
	SMP_DHKEY_CHECK = 0x0d,
};

enum smp_reason { /* 3.5.5 */
	SMP_REASON_AUTHENTICATION = 0x03,
	SMP_REASON_CONFIRM = 0x04,
	SMP_REASON_KEY_SIZE = 0x06,
	SMP_REASON_NOT_SUPPORTED = 0x07,
	SMP_REASON_UNSPECIFIED = 0x08,
	SMP_REASON_INVALID = 0x0a,
	SMP_REASON_DHKEY = 0x0b,
};

enum smp_state { /* what it waits for */
	SMP_STATE_REQUEST,
	SMP_STATE_PUBLIC_KEY,
	SMP_STATE_CONFIRM,
	SMP_STATE_PASSKEY, /* a person */
	SMP_STATE_RANDOM,
	SMP_STATE_DHKEY_CHECK,
};

enum smp_io { /* 2.3.2 */
	IO_DISPLAY_ONLY,
	IO_DISPLAY_YES_NO,
	IO_KEYBOARD_ONLY,
	IO_NO_INPUT_NO_OUTPUT,
	IO_KEYBOARD_DISPLAY,
};

#define AUTH_BONDING 0x01
#define AUTH_MITM    0x04
#define AUTH_SECURE  0x08
#define KEY_SIZE     16
#define ROUNDS       20 /* bits of a passkey */
#define ANSWERS_MAX  2
#define BONDS_MAX    4

struct bond {
	bool is_made;
	struct hci_address central;
	uint8_t key[16];
};

struct smp {
	struct hci_address own, central;
	enum smp_state state;
	uint8_t central_io[3], own_io[3]; /* AuthReq, OOB, IO capability: f6's order */
	struct smp_crypto_keys *keys;
	uint8_t central_key[64], dhkey[32];
	uint8_t nonce[16], central_nonce[16], central_confirm[16];
	uint8_t mackey[16], ltk[16];
	enum smp_demand demand, next_demand; /* of this pairing, of the next */
	uint32_t passkey, next_passkey;
	bool has_passkey;
	unsigned round;

	struct bond bond[BONDS_MAX];
	unsigned next_bond; /* the oldest, when there are no more */
	bool is_hidden;

	uint8_t answer[ANSWERS_MAX][SMP_PDU_MAX];
	size_t size[ANSWERS_MAX];
	unsigned n_answers;
};

struct smp *smp_new(const struct hci_address *own)
{
	struct smp *smp = new0(struct smp);

	smp->own = *own;
	return smp;
}

struct smp *smp_free(struct smp *smp)
{
	if (smp)
		smp_crypto_keys_free(smp->keys);
	free(smp);
	return NULL;
}

static void reverse(uint8_t *to, const uint8_t *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = from[n - 1 - i];
}

static struct smp_crypto_address address_of(const struct hci_address *address)
{
	struct smp_crypto_address a = {{address->type}};

	reverse(a.b + 1, address->b, 6);
	return a;
}

static void start_over(struct smp *smp)
{
	smp->state = SMP_STATE_REQUEST;
	smp->keys = smp_crypto_keys_free(smp->keys);
}

void smp_connected(struct smp *smp, const struct hci_address *central)
{
	start_over(smp);
	smp->central = *central;
	smp->n_answers = 0;
}

/* `number` has `size` bytes in the specification's order; it is sent least significant byte first.
 */
static void answer(struct smp *smp, enum smp_code code, const uint8_t *number, size_t size)
{
	uint8_t *pdu;

	if (smp->n_answers == ANSWERS_MAX)
		return;
	pdu = smp->answer[smp->n_answers];
	pdu[0] = (uint8_t)code;
	reverse(pdu + 1, number, size);
	smp->size[smp->n_answers++] = 1 + size;
}

static void fail(struct smp *smp, enum smp_reason reason)
{
	start_over(smp);
	smp->n_answers = 0;
	answer(smp, SMP_FAILED, &(uint8_t){(uint8_t)reason}, 1);
}

/* What the wearable has, by its demand, and what the central must have. */
static const struct {
	enum smp_io own;
	unsigned central; /* mask of enum smp_io */
} io_of[] = {
	[SMP_DEMAND_NOTHING] = {IO_NO_INPUT_NO_OUTPUT, ~0u},
	[SMP_DEMAND_SHOWN] = {IO_DISPLAY_ONLY, 1 << IO_KEYBOARD_ONLY | 1 << IO_KEYBOARD_DISPLAY},
	[SMP_DEMAND_ENTERED] = {IO_KEYBOARD_ONLY,
		1 << IO_DISPLAY_ONLY | 1 << IO_DISPLAY_YES_NO | 1 << IO_KEYBOARD_DISPLAY},
};

static void take_demand(struct smp *smp)
{
	smp->demand = smp->next_demand;
	smp->passkey = smp->next_passkey;
	smp->has_passkey = smp->demand == SMP_DEMAND_SHOWN;
	smp->round = 0;
}

static void received_request(struct smp *smp, const uint8_t *pdu)
{
	enum smp_demand demand = smp->next_demand;
	uint8_t io = (uint8_t)io_of[demand].own;
	uint8_t auth = AUTH_BONDING | AUTH_SECURE | (demand ? AUTH_MITM : 0);
	/* IO, OOB, AuthReq, key size; no keys of either side, both derive the same one. */
	const uint8_t response[6] = {0, 0, KEY_SIZE, auth, 0, io};

	if (pdu[1] > IO_KEYBOARD_DISPLAY) {
		fail(smp, SMP_REASON_INVALID);
		return;
	}
	if (!(pdu[3] & AUTH_SECURE) || !(io_of[demand].central >> pdu[1] & 1)) {
		fail(smp, SMP_REASON_AUTHENTICATION);
		return;
	}
	if (pdu[4] < KEY_SIZE) {
		fail(smp, SMP_REASON_KEY_SIZE);
		return;
	}
	start_over(smp);
	smp->central_io[0] = pdu[3];
	smp->central_io[1] = pdu[2];
	smp->central_io[2] = pdu[1];
	smp->own_io[0] = auth;
	smp->own_io[1] = 0;
	smp->own_io[2] = io;
	take_demand(smp);
	answer(smp, SMP_PAIRING_RESPONSE, response, sizeof(response));
	smp->state = SMP_STATE_PUBLIC_KEY;
}

/* The z of f4 (2.3.5.6.3): a bit of the passkey, the lowest first. */
static uint8_t bit_of(const struct smp *smp)
{
	return smp->demand ? 0x80 | (smp->passkey >> smp->round & 1) : 0;
}

static void answer_confirm(struct smp *smp)
{
	uint8_t own[64], confirm[16];

	smp_crypto_keys_public(smp->keys, own);
	if (smp_crypto_random(smp->nonce, sizeof(smp->nonce)) < 0 ||
		smp_crypto_f4(own, smp->central_key, smp->nonce, bit_of(smp), confirm) < 0) {
		fail(smp, SMP_REASON_UNSPECIFIED);
		return;
	}
	answer(smp, SMP_CONFIRM, confirm, sizeof(confirm));
	smp->state = SMP_STATE_RANDOM;
}

static void received_confirm(struct smp *smp, const uint8_t *pdu)
{
	reverse(smp->central_confirm, pdu + 1, 16);
	smp->state = SMP_STATE_PASSKEY;
	if (smp->has_passkey)
		answer_confirm(smp);
}

static void received_public_key(struct smp *smp, const uint8_t *pdu)
{
	uint8_t own[64], swapped[64];

	reverse(smp->central_key, pdu + 1, 32);
	reverse(smp->central_key + 32, pdu + 33, 32);
	smp->keys = smp_crypto_keys_new(NULL);
	if (!smp->keys) {
		fail(smp, SMP_REASON_UNSPECIFIED);
		return;
	}
	if (smp_crypto_keys_agree(smp->keys, smp->central_key, smp->dhkey) < 0) {
		fail(smp, SMP_REASON_DHKEY);
		return;
	}
	smp_crypto_keys_public(smp->keys, own);
	/* answer() reverses the whole: Y before X is sent as X, Y. */
	memcpy(swapped, own + 32, 32);
	memcpy(swapped + 32, own, 32);
	answer(smp, SMP_PUBLIC_KEY, swapped, sizeof(swapped));
	if (smp->demand)
		smp->state = SMP_STATE_CONFIRM;
	else
		answer_confirm(smp);
}

/* It has the same bit as the wearable. */
static bool is_confirmed(const struct smp *smp)
{
	uint8_t own[64], expected[16];

	smp_crypto_keys_public(smp->keys, own);
	return smp_crypto_f4(smp->central_key, own, smp->central_nonce, bit_of(smp), expected) >=
		       0 &&
	       memcmp(smp->central_confirm, expected, 16) == 0;
}

static void received_random(struct smp *smp, const uint8_t *pdu)
{
	struct smp_crypto_address a = address_of(&smp->central), b = address_of(&smp->own);

	reverse(smp->central_nonce, pdu + 1, 16);
	if (smp->demand && !is_confirmed(smp)) {
		fail(smp, SMP_REASON_CONFIRM);
		return;
	}
	if (smp->demand && ++smp->round < ROUNDS) {
		answer(smp, SMP_RANDOM, smp->nonce, sizeof(smp->nonce));
		smp->state = SMP_STATE_CONFIRM;
		return;
	}
	if (smp_crypto_f5(smp->dhkey, smp->central_nonce, smp->nonce, &a, &b, smp->mackey,
		    smp->ltk) < 0) {
		fail(smp, SMP_REASON_UNSPECIFIED);
		return;
	}
	answer(smp, SMP_RANDOM, smp->nonce, sizeof(smp->nonce));
	smp->state = SMP_STATE_DHKEY_CHECK;
}

static struct bond *find_bond(struct smp *smp, const struct hci_address *central)
{
	for (size_t i = 0; i < BONDS_MAX; i++)
		if (smp->bond[i].is_made && hci_address_is_equal(&smp->bond[i].central, central))
			return &smp->bond[i];
	return NULL;
}

static void keep_bond(struct smp *smp)
{
	struct bond *bond = find_bond(smp, &smp->central);

	if (!bond)
		bond = &smp->bond[smp->next_bond++ % BONDS_MAX];
	bond->is_made = true;
	bond->central = smp->central;
	reverse(bond->key, smp->ltk, 16);
}

static void received_check(struct smp *smp, const uint8_t *pdu)
{
	uint8_t r[16] = {0};
	struct smp_crypto_address a = address_of(&smp->central), b = address_of(&smp->own);
	const uint8_t *theirs = smp->central_nonce;
	uint8_t expected[16], got[16], own[16];

	reverse(got, pdu + 1, 16);
	for (unsigned i = 0; smp->demand && i < 4; i++)
		r[15 - i] = (uint8_t)(smp->passkey >> 8 * i);
	if (smp_crypto_f6(smp->mackey, theirs, smp->nonce, r, smp->central_io, &a, &b, expected) <
			0 ||
		smp_crypto_f6(smp->mackey, smp->nonce, theirs, r, smp->own_io, &b, &a, own) < 0) {
		fail(smp, SMP_REASON_UNSPECIFIED);
		return;
	}
	if (memcmp(got, expected, 16) != 0) {
		fail(smp, SMP_REASON_DHKEY);
		return;
	}
	answer(smp, SMP_DHKEY_CHECK, own, sizeof(own));
	keep_bond(smp);
	start_over(smp);
}

static const struct {
	enum smp_code code;
	size_t size;
	enum smp_state state;
	void (*run)(struct smp *smp, const uint8_t *pdu);
} steps[] = {
	{SMP_PUBLIC_KEY, 65, SMP_STATE_PUBLIC_KEY, received_public_key},
	{SMP_CONFIRM, 17, SMP_STATE_CONFIRM, received_confirm},
	{SMP_RANDOM, 17, SMP_STATE_RANDOM, received_random},
	{SMP_DHKEY_CHECK, 17, SMP_STATE_DHKEY_CHECK, received_check},
};

void smp_received(struct smp *smp, const uint8_t *pdu, size_t size)
{
	if (size == 0)
		return;
	if (pdu[0] == SMP_FAILED) {
		start_over(smp);
		return;
	}
	if (pdu[0] == SMP_PAIRING_REQUEST) { /* also during another one: it starts over */
		if (size == 7)
			received_request(smp, pdu);
		else
			fail(smp, SMP_REASON_INVALID);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (pdu[0] != steps[i].code)
			continue;
		if (size != steps[i].size)
			fail(smp, SMP_REASON_INVALID);
		else if (smp->state != steps[i].state)
			fail(smp, SMP_REASON_UNSPECIFIED);
		else
			steps[i].run(smp, pdu);
		return;
	}
	fail(smp, SMP_REASON_NOT_SUPPORTED);
}

size_t smp_take(struct smp *smp, uint8_t ret[SMP_PDU_MAX])
{
	size_t size;

	if (smp->n_answers == 0)
		return 0;
	size = smp->size[0];
	memcpy(ret, smp->answer[0], size);
	smp->n_answers--;
	memmove(smp->answer[0], smp->answer[1], sizeof(smp->answer[0]));
	smp->size[0] = smp->size[1];
	return size;
}

bool smp_get_key(const struct smp *smp, uint8_t ret[16])
{
	const struct bond *bond = find_bond((struct smp *)smp, &smp->central);

	if (!bond || smp->is_hidden)
		return false;
	memcpy(ret, bond->key, 16);
	return true;
}

void smp_set_demand(struct smp *smp, enum smp_demand demand, uint32_t passkey)
{
	smp->next_demand = demand;
	smp->next_passkey = passkey;
}

bool smp_enter(struct smp *smp, uint32_t passkey)
{
	if (smp->demand != SMP_DEMAND_ENTERED || smp->has_passkey ||
		smp->state == SMP_STATE_REQUEST)
		return false;
	smp->passkey = passkey;
	smp->has_passkey = true;
	if (smp->state == SMP_STATE_PASSKEY)
		answer_confirm(smp);
	return true;
}

void smp_forget(struct smp *smp)
{
	memset(smp->bond, 0, sizeof(smp->bond));
}

void smp_hide(struct smp *smp, bool is_hidden)
{
	smp->is_hidden = is_hidden;
}
