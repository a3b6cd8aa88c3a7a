// SPDX-License-Identifier: MIT
#include "gym/smp-crypto.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>

#include "coxad/base/alloc.h"

struct smp_crypto_keys {
	EVP_PKEY *pair;
	uint8_t public_key[64];
};

/* A P-256 key from its parts: the point, and the private number if it is ours. */
static EVP_PKEY *import_key(const uint8_t point[64], const BIGNUM *private_number)
{
	uint8_t encoded[65] = {0x04}; /* uncompressed, SEC 1 2.3.3 */
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	memcpy(encoded + 1, point, 64);
	if (!build || !context ||
		!OSSL_PARAM_BLD_push_utf8_string(
			build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) ||
		!OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, encoded, 65) ||
		(private_number &&
			!OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, private_number)))
		goto out;
	params = OSSL_PARAM_BLD_to_param(build);
	if (!params || EVP_PKEY_fromdata_init(context) <= 0 ||
		EVP_PKEY_fromdata(context, &key,
			private_number ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) <= 0)
		key = NULL;
out:
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(context);
	return key;
}

static int multiply_base(const BIGNUM *number, uint8_t ret_point[64])
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	EC_POINT *point = group ? EC_POINT_new(group) : NULL;
	uint8_t encoded[65];
	int r = -EIO;

	if (point && EC_POINT_mul(group, point, number, NULL, NULL, NULL) == 1 &&
		EC_POINT_point2oct(
			group, point, POINT_CONVERSION_UNCOMPRESSED, encoded, 65, NULL) == 65) {
		memcpy(ret_point, encoded + 1, 64);
		r = 0;
	}
	EC_POINT_free(point);
	EC_GROUP_free(group);
	return r;
}

/* One in 2^32 draws of 32 random bytes is not below the order of P-256, or is 0: then it draws
 * again. */
struct smp_crypto_keys *smp_crypto_keys_new(const uint8_t private_key[32])
{
	struct smp_crypto_keys *keys = new0(struct smp_crypto_keys);

	for (unsigned tries = 0; tries < 4 && !keys->pair; tries++) {
		uint8_t drawn[32];
		BIGNUM *number;

		if (!private_key && smp_crypto_random(drawn, sizeof(drawn)) < 0)
			break;
		number = BN_bin2bn(private_key ? private_key : drawn, 32, NULL);
		if (number && multiply_base(number, keys->public_key) == 0)
			keys->pair = import_key(keys->public_key, number);
		BN_clear_free(number);
	}
	return keys->pair ? keys : smp_crypto_keys_free(keys);
}

struct smp_crypto_keys *smp_crypto_keys_free(struct smp_crypto_keys *keys)
{
	if (keys)
		EVP_PKEY_free(keys->pair);
	free(keys);
	return NULL;
}

void smp_crypto_keys_public(const struct smp_crypto_keys *keys, uint8_t ret[64])
{
	memcpy(ret, keys->public_key, 64);
}

int smp_crypto_keys_agree(
	const struct smp_crypto_keys *keys, const uint8_t peer[64], uint8_t ret_dhkey[32])
{
	EVP_PKEY *other;
	EVP_PKEY_CTX *context = NULL, *check = NULL;
	size_t size = 32;
	int r = -EINVAL;

	if (memcmp(peer, keys->public_key, 32) == 0)
		return -EINVAL;
	other = import_key(peer, NULL);
	if (!other)
		return -EINVAL;
	check = EVP_PKEY_CTX_new_from_pkey(NULL, other, NULL);
	context = EVP_PKEY_CTX_new_from_pkey(NULL, keys->pair, NULL);
	if (check && context && EVP_PKEY_public_check(check) == 1 &&
		EVP_PKEY_derive_init(context) == 1 &&
		EVP_PKEY_derive_set_peer(context, other) == 1 &&
		EVP_PKEY_derive(context, ret_dhkey, &size) == 1 && size == 32)
		r = 0;
	EVP_PKEY_CTX_free(check);
	EVP_PKEY_CTX_free(context);
	EVP_PKEY_free(other);
	return r;
}

int smp_crypto_random(uint8_t *ret, size_t size)
{
	return RAND_bytes(ret, (int)size) == 1 ? 0 : -EIO;
}

static int cmac(const uint8_t key[16], const uint8_t *message, size_t size, uint8_t ret[16])
{
	char cipher[] = "AES-128-CBC";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	EVP_MAC_CTX *context = mac ? EVP_MAC_CTX_new(mac) : NULL;
	size_t n = 0;
	int r = -EIO;

	if (context && EVP_MAC_init(context, key, 16, params) == 1 &&
		EVP_MAC_update(context, message, size) == 1 &&
		EVP_MAC_final(context, ret, &n, 16) == 1 && n == 16)
		r = 0;
	EVP_MAC_CTX_free(context);
	EVP_MAC_free(mac);
	return r;
}

/* 2.2.6: the commitment of a pairing. */
int smp_crypto_f4(
	const uint8_t u[32], const uint8_t v[32], const uint8_t x[16], uint8_t z, uint8_t ret[16])
{
	uint8_t message[65];

	memcpy(message, u, 32);
	memcpy(message + 32, v, 32);
	message[64] = z;
	return cmac(x, message, sizeof(message), ret);
}

/* 2.2.7: counter, "btle", nonces, addresses, 256 bits; the key is T, made with the salt. */
int smp_crypto_f5(const uint8_t dhkey[32], const uint8_t n1[16], const uint8_t n2[16],
	const struct smp_crypto_address *a1, const struct smp_crypto_address *a2,
	uint8_t ret_mackey[16], uint8_t ret_ltk[16])
{
	static const uint8_t salt[16] = {0x6c, 0x88, 0x83, 0x91, 0xaa, 0xf5, 0xa5, 0x38, 0x60, 0x37,
		0x0b, 0xdb, 0x5a, 0x60, 0x83, 0xbe};
	uint8_t message[53] = {0, 'b', 't', 'l', 'e'}, t[16];

	memcpy(message + 5, n1, 16);
	memcpy(message + 21, n2, 16);
	memcpy(message + 37, a1->b, 7);
	memcpy(message + 44, a2->b, 7);
	message[51] = 0x01;
	if (cmac(salt, dhkey, 32, t) < 0 || cmac(t, message, sizeof(message), ret_mackey) < 0)
		return -EIO;
	message[0] = 1;
	return cmac(t, message, sizeof(message), ret_ltk);
}

/* 2.2.8: the check that both sides hold the same key. */
int smp_crypto_f6(const uint8_t mackey[16], const uint8_t n1[16], const uint8_t n2[16],
	const uint8_t r[16], const uint8_t io[3], const struct smp_crypto_address *a1,
	const struct smp_crypto_address *a2, uint8_t ret[16])
{
	uint8_t message[65];

	memcpy(message, n1, 16);
	memcpy(message + 16, n2, 16);
	memcpy(message + 32, r, 16);
	memcpy(message + 48, io, 3);
	memcpy(message + 51, a1->b, 7);
	memcpy(message + 58, a2->b, 7);
	return cmac(mackey, message, sizeof(message), ret);
}
