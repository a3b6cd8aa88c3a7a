// SPDX-License-Identifier: MIT
/* Sample data: Core Vol 3 Part H 2.3.5.6.1 (P-256) and Appendix D (f4, f5, f6). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "gym/smp-crypto.h"
#include "coxad/base/alloc.h"
#include "coxad/base/hex.h"
#include "gym/smp.h"

static void hex(const char *text, uint8_t *ret, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		while (*text == ' ')
			text++;
		assert_int_equal(hex_decode(text, 2, &ret[i], 1), 1);
		text += 2;
	}
}

#define HEX(name, size, text)                                                                      \
	uint8_t name[size];                                                                        \
	hex(text, name, size)

#define X_A       "20b003d2 f297be2c 5e2c83a7 e9f9a5b9 eff49111 acf4fddb cc030148 0e359de6"
#define Y_A       "dc809c49 652aeb6d 63329abf 5a52155c 766345c2 8fed3024 741c8ed0 1589d28b"
#define X_B       "1ea1f0f0 1faf1d96 09592284 f19e4c00 47b58afd 8615a69f 559077b2 2faaa190"
#define Y_B       "4c55f33e 429dad37 7356703a 9ab85160 472d1130 e28e3676 5f89aff9 15b1214a"
#define PRIVATE_A "3f49f6d4 a3c55f38 74c9b3e3 d2103f50 4aff607b eb40b799 5899b8a6 cd3c1abd"
#define PRIVATE_B "55188b3d 32f6bb9a 900afcfb eed4e72a 59cb9ac2 f19d7cfb 6b4fdd49 f47fc5fd"
#define DHKEY     "ec0234a3 57c8ad05 341010a6 0a397d9b 99796b13 b4f866f1 868d34f3 73bfa698"
#define N1        "d5cb8454 d177733e ffffb2ec 712baeab"
#define N2        "a6e8e7cc 25a75f6e 216583f7 ff3dc4cf"
#define MACKEY    "2965f176 a1084a02 fd3f6a20 ce636e20"

static void keys_agree(void **state)
{
	HEX(private_a, 32, PRIVATE_A);
	HEX(private_b, 32, PRIVATE_B);
	HEX(public_a, 64, X_A Y_A);
	HEX(public_b, 64, X_B Y_B);
	HEX(dhkey, 32, DHKEY);
	struct smp_crypto_keys *a = smp_crypto_keys_new(private_a),
			       *b = smp_crypto_keys_new(private_b);
	uint8_t got[64];

	smp_crypto_keys_public(a, got);
	assert_memory_equal(got, public_a, 64);
	smp_crypto_keys_public(b, got);
	assert_memory_equal(got, public_b, 64);
	assert_int_equal(smp_crypto_keys_agree(a, public_b, got), 0);
	assert_memory_equal(got, dhkey, 32);
	assert_int_equal(smp_crypto_keys_agree(b, public_a, got), 0);
	assert_memory_equal(got, dhkey, 32);
	/* Our own point, and one that is not on the curve. */
	assert_int_equal(smp_crypto_keys_agree(b, public_b, got), -EINVAL);
	public_a[63] ^= 1;
	assert_int_equal(smp_crypto_keys_agree(b, public_a, got), -EINVAL);
	smp_crypto_keys_free(a);
	smp_crypto_keys_free(b);
}

static void f4_sample(void **state)
{
	HEX(u, 32, X_A);
	HEX(v, 32, PRIVATE_B); /* as in the specification's sample */
	HEX(x, 16, N1);
	HEX(expected, 16, "f2c916f1 07a9bd1c f1eda1be a974872d");
	uint8_t got[16];

	assert_int_equal(smp_crypto_f4(u, v, x, 0, got), 0);
	assert_memory_equal(got, expected, 16);
}

static void f5_sample(void **state)
{
	HEX(dhkey, 32, DHKEY);
	HEX(n1, 16, N1);
	HEX(n2, 16, N2);
	HEX(mackey, 16, MACKEY);
	HEX(ltk, 16, "69867911 69d7cd23 980522b5 94750a38");
	struct smp_crypto_address a1, a2;
	uint8_t got_mackey[16], got_ltk[16];

	hex("00561237 37bfce", a1.b, 7);
	hex("00a71370 2dcfc1", a2.b, 7);
	assert_int_equal(smp_crypto_f5(dhkey, n1, n2, &a1, &a2, got_mackey, got_ltk), 0);
	assert_memory_equal(got_mackey, mackey, 16);
	assert_memory_equal(got_ltk, ltk, 16);
}

static void f6_sample(void **state)
{
	HEX(mackey, 16, MACKEY);
	HEX(n1, 16, N1);
	HEX(n2, 16, N2);
	HEX(r, 16, "12a3343b b453bb54 08da42d2 0c2d0fc8");
	HEX(expected, 16, "e3c47398 9cd0e8c5 d26c0b09 da958f61");
	const uint8_t io[3] = {0x01, 0x01, 0x02};
	struct smp_crypto_address a1, a2;
	uint8_t got[16];

	hex("00561237 37bfce", a1.b, 7);
	hex("00a71370 2dcfc1", a2.b, 7);
	assert_int_equal(smp_crypto_f6(mackey, n1, n2, r, io, &a1, &a2, got), 0);
	assert_memory_equal(got, expected, 16);
}

/* A central for the whole exchange, written from the specification, not from smp.c. */
struct central {
	struct smp *smp;
	struct smp_crypto_keys *keys;
	struct smp_crypto_address a, b;
	uint8_t own[64], peer[64], na[16], nb[16], mackey[16], ltk[16];
};

static const struct hci_address wearable = {{1, 2, 3, 4, 5, 0xc6}, 1};
static const struct hci_address gateway = {{0x11, 0x12, 0x13, 0x14, 0x15, 0x16}, 0};

static void turn(uint8_t *to, const uint8_t *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = from[n - 1 - i];
}

static void expect(struct central *c, uint8_t code, size_t size, uint8_t *ret)
{
	uint8_t pdu[SMP_PDU_MAX];

	assert_int_equal(smp_take(c->smp, pdu), size);
	assert_int_equal(pdu[0], code);
	memcpy(ret, pdu + 1, size - 1);
}

static void start(struct central *c)
{
	memset(c, 0, sizeof(*c));
	c->smp = smp_new(&wearable);
	c->keys = smp_crypto_keys_new(NULL);
	smp_crypto_keys_public(c->keys, c->own);
	hex("00161514131211", c->a.b, 7);
	hex("01c60504030201", c->b.b, 7);
	memset(c->na, 0x5a, 16);
	smp_connected(c->smp, &gateway);
}

static void stop(struct central *c)
{
	smp_free(c->smp);
	smp_crypto_keys_free(c->keys);
}

/* Up to the wearable's nonce. */
static void exchange(struct central *c)
{
	uint8_t pdu[65] = {0x0c}, got[64], confirm[16], expected[16], dhkey[32];

	smp_received(c->smp, (const uint8_t[]){0x01, 3, 0, 0x09, 16, 0x05, 0x07}, 7);
	expect(c, 0x02, 7, got);
	assert_memory_equal(got, ((const uint8_t[]){3, 0, 0x09, 16, 0, 0}), 6);
	turn(pdu + 1, c->own, 32);
	turn(pdu + 33, c->own + 32, 32);
	smp_received(c->smp, pdu, 65);
	expect(c, 0x0c, 65, got);
	turn(c->peer, got, 32);
	turn(c->peer + 32, got + 32, 32);
	expect(c, 0x03, 17, got);
	turn(confirm, got, 16);
	pdu[0] = 0x04;
	turn(pdu + 1, c->na, 16);
	smp_received(c->smp, pdu, 17);
	expect(c, 0x04, 17, got);
	turn(c->nb, got, 16);
	assert_int_equal(smp_crypto_f4(c->peer, c->own, c->nb, 0, expected), 0);
	assert_memory_equal(confirm, expected, 16);
	assert_int_equal(smp_crypto_keys_agree(c->keys, c->peer, dhkey), 0);
	assert_int_equal(smp_crypto_f5(dhkey, c->na, c->nb, &c->a, &c->b, c->mackey, c->ltk), 0);
}

static void pairs_and_bonds(void **state)
{
	const uint8_t zero[16] = {0}, io_a[3] = {0x09, 0, 3}, io_b[3] = {0x09, 0, 3};
	uint8_t pdu[17] = {0x0d}, check[16], got[16], key[16], ltk[16];
	struct hci_address stranger = gateway;
	struct central c;

	start(&c);
	exchange(&c);
	assert_false(smp_get_key(c.smp, key));
	smp_crypto_f6(c.mackey, c.na, c.nb, zero, io_a, &c.a, &c.b, check);
	turn(pdu + 1, check, 16);
	smp_received(c.smp, pdu, 17);
	expect(&c, 0x0d, 17, got);
	smp_crypto_f6(c.mackey, c.nb, c.na, zero, io_b, &c.b, &c.a, check);
	turn(pdu + 1, check, 16);
	assert_memory_equal(got, pdu + 1, 16);
	assert_true(smp_get_key(c.smp, key));
	turn(ltk, c.ltk, 16);
	assert_memory_equal(key, ltk, 16);
	/* The bond outlives the link, and belongs to this central alone. */
	smp_connected(c.smp, &gateway);
	assert_true(smp_get_key(c.smp, key));
	stranger.b[0] ^= 1;
	smp_connected(c.smp, &stranger);
	assert_false(smp_get_key(c.smp, key));
	smp_connected(c.smp, &gateway);
	assert_true(smp_get_key(c.smp, key));
	smp_forget(c.smp);
	assert_false(smp_get_key(c.smp, key));
	stop(&c);
}

/* Vol 3 Part H 2.3.5.6.3: up to the last nonce, or the round in which the bits differ. Returns how many
 * rounds there were. */
static unsigned exchange_passkeys(struct central *c, uint32_t passkey, uint32_t entered)
{
	uint8_t pdu[65] = {0x0c}, got[64], confirm[16], expected[16], dhkey[32];
	unsigned round;

	turn(pdu + 1, c->own, 32);
	turn(pdu + 33, c->own + 32, 32);
	smp_received(c->smp, pdu, 65);
	expect(c, 0x0c, 65, got);
	turn(c->peer, got, 32);
	turn(c->peer + 32, got + 32, 32);
	assert_int_equal(smp_crypto_keys_agree(c->keys, c->peer, dhkey), 0);
	for (round = 0; round < 20; round++) {
		uint8_t bit = 0x80 | (passkey >> round & 1);

		memset(c->na, (int)round + 1, 16);
		smp_crypto_f4(c->own, c->peer, c->na, bit, confirm);
		pdu[0] = 0x03;
		turn(pdu + 1, confirm, 16);
		smp_received(c->smp, pdu, 17);
		if (round == 0 && smp_enter(c->smp, entered))
			assert_false(smp_enter(c->smp, entered));
		expect(c, 0x03, 17, got);
		turn(confirm, got, 16);
		pdu[0] = 0x04;
		turn(pdu + 1, c->na, 16);
		smp_received(c->smp, pdu, 17);
		if ((passkey ^ entered) >> round & 1)
			break;
		expect(c, 0x04, 17, got);
		turn(c->nb, got, 16);
		smp_crypto_f4(c->peer, c->own, c->nb, bit, expected);
		assert_memory_equal(confirm, expected, 16);
	}
	assert_int_equal(smp_crypto_f5(dhkey, c->na, c->nb, &c->a, &c->b, c->mackey, c->ltk), 0);
	return round;
}

static const struct {
	enum smp_demand demand;
	uint8_t own, central; /* IO capabilities */
} passkeys[] = {{SMP_DEMAND_SHOWN, 0, 4}, {SMP_DEMAND_SHOWN, 0, 2}, {SMP_DEMAND_ENTERED, 2, 4},
	{SMP_DEMAND_ENTERED, 2, 0}};

static void ask_with_passkey(struct central *c, size_t i, uint32_t passkey)
{
	uint8_t got[6];

	smp_set_demand(c->smp, passkeys[i].demand, passkey);
	smp_received(
		c->smp, (const uint8_t[]){0x01, passkeys[i].central, 0, 0x0d, 16, 0x05, 0x07}, 7);
	expect(c, 0x02, 7, got);
	assert_memory_equal(got, ((const uint8_t[]){passkeys[i].own, 0, 0x0d, 16, 0, 0}), 6);
}

static void a_passkey_authenticates(void **state)
{
	enum { PASSKEY = 942617 };
	const uint8_t r[16] = {[13] = 0x0e, [14] = 0x62, [15] = 0x19};
	uint8_t pdu[17] = {0x0d}, check[16], got[16], key[16], ltk[16];

	for (size_t i = 0; i < ARRAY_LEN(passkeys); i++) {
		const uint8_t io_a[3] = {0x0d, 0, passkeys[i].central},
			      io_b[3] = {0x0d, 0, passkeys[i].own};
		struct central c;

		start(&c);
		assert_false(smp_enter(c.smp, PASSKEY));
		ask_with_passkey(&c, i, PASSKEY);
		assert_int_equal(exchange_passkeys(&c, PASSKEY, PASSKEY), 20);
		smp_crypto_f6(c.mackey, c.na, c.nb, r, io_a, &c.a, &c.b, check);
		turn(pdu + 1, check, 16);
		smp_received(c.smp, pdu, 17);
		expect(&c, 0x0d, 17, got);
		smp_crypto_f6(c.mackey, c.nb, c.na, r, io_b, &c.b, &c.a, check);
		turn(pdu + 1, check, 16);
		assert_memory_equal(got, pdu + 1, 16);
		assert_true(smp_get_key(c.smp, key));
		turn(ltk, c.ltk, 16);
		assert_memory_equal(key, ltk, 16);
		stop(&c);
	}
}

static void a_wrong_passkey_is_refused_at_its_first_bit(void **state)
{
	uint8_t got[1], key[16];

	for (size_t i = 0; i < ARRAY_LEN(passkeys); i++) {
		struct central c;

		start(&c);
		ask_with_passkey(&c, i, 4217 ^ 1 << 7);
		assert_int_equal(exchange_passkeys(&c, 4217, 4217 ^ 1 << 7), 7);
		expect(&c, 0x05, 2, got);
		assert_int_equal(got[0], 0x04);
		assert_false(smp_get_key(c.smp, key));
		stop(&c);
	}
}

/* Without a keyboard, or a display, there is nobody to be asked. */
static void a_central_that_cannot_is_refused(void **state)
{
	uint8_t got[1];
	struct central c;

	start(&c);
	for (unsigned demand = SMP_DEMAND_SHOWN; demand <= SMP_DEMAND_ENTERED; demand++) {
		smp_set_demand(c.smp, (enum smp_demand)demand, 1);
		smp_received(c.smp, (const uint8_t[]){0x01, 3, 0, 0x0d, 16, 5, 7}, 7);
		expect(&c, 0x05, 2, got);
		assert_int_equal(got[0], 0x03);
	}
	stop(&c);
}

static void wrong_check_fails(void **state)
{
	uint8_t pdu[17] = {0x0d}, got[1], key[16];
	struct central c;

	start(&c);
	exchange(&c);
	smp_received(c.smp, pdu, 17);
	expect(&c, 0x05, 2, got);
	assert_int_equal(got[0], 0x0b);
	assert_false(smp_get_key(c.smp, key));
	stop(&c);
}

static void refuses(void **state)
{
	uint8_t got[1], zero[65] = {0x0c};
	struct central c;

	start(&c);
	/* Legacy pairing, a short key, a wrong length, a step out of turn, a point of zeros. */
	smp_received(c.smp, (const uint8_t[]){0x01, 3, 0, 0x01, 16, 5, 7}, 7);
	expect(&c, 0x05, 2, got);
	assert_int_equal(got[0], 0x03);
	smp_received(c.smp, (const uint8_t[]){0x01, 3, 0, 0x09, 7, 5, 7}, 7);
	expect(&c, 0x05, 2, got);
	assert_int_equal(got[0], 0x06);
	smp_received(c.smp, (const uint8_t[]){0x01, 3, 0}, 3);
	expect(&c, 0x05, 2, got);
	assert_int_equal(got[0], 0x0a);
	smp_received(c.smp, zero, 65);
	expect(&c, 0x05, 2, got);
	assert_int_equal(got[0], 0x08);
	smp_received(c.smp, (const uint8_t[]){0x0b, 1}, 2);
	expect(&c, 0x05, 2, got);
	assert_int_equal(got[0], 0x07);
	smp_received(c.smp, (const uint8_t[]){0x01, 3, 0, 0x09, 16, 5, 7}, 7);
	assert_int_equal(smp_take(c.smp, (uint8_t[SMP_PDU_MAX]){0}), 7);
	smp_received(c.smp, zero, 65);
	expect(&c, 0x05, 2, got);
	assert_int_equal(got[0], 0x0b);
	stop(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_agree),
		cmocka_unit_test(f4_sample),
		cmocka_unit_test(f5_sample),
		cmocka_unit_test(f6_sample),
		cmocka_unit_test(pairs_and_bonds),
		cmocka_unit_test(a_passkey_authenticates),
		cmocka_unit_test(a_wrong_passkey_is_refused_at_its_first_bit),
		cmocka_unit_test(a_central_that_cannot_is_refused),
		cmocka_unit_test(wrong_check_fails),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
