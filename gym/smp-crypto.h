// SPDX-License-Identifier: MIT
#pragma once
/* The cryptographic functions of LE Secure Connections (Core Vol 3 Part H 2.2): P-256 key agreement
 * and the AES-CMAC of f4, f5 and f6, on OpenSSL's libcrypto. Everything is in the specification's
 * own order, most significant byte first; smp.c reverses it for the air. Only the gym needs this:
 * coxad itself pairs through bluetoothd.
 */
#include <stddef.h>
#include <stdint.h>

struct smp_crypto_address { /* type, then the address, most significant byte first */
	uint8_t b[7];
};

struct smp_crypto_keys;

/* A new pair, or the one of a given private key. NULL if libcrypto fails. */
struct smp_crypto_keys *smp_crypto_keys_new(const uint8_t private_key[32]);
struct smp_crypto_keys *smp_crypto_keys_free(struct smp_crypto_keys *keys);
/* X, then Y. */
void smp_crypto_keys_public(const struct smp_crypto_keys *keys, uint8_t ret[64]);
/* -EINVAL if the peer's point is not on the curve, or is our own (a reflection attack). */
int smp_crypto_keys_agree(
	const struct smp_crypto_keys *keys, const uint8_t peer[64], uint8_t ret_dhkey[32]);

int smp_crypto_random(uint8_t *ret, size_t size);
/* The functions of the specification, with its parameters in its order, so that code and text can
 * be compared. All return -EIO if libcrypto fails. */
int smp_crypto_f4(
	const uint8_t u[32], const uint8_t v[32], const uint8_t x[16], uint8_t z, uint8_t ret[16]);
/* Seven parameters: those of the specification. */
int smp_crypto_f5(const uint8_t dhkey[32], const uint8_t n1[16], const uint8_t n2[16],
	const struct smp_crypto_address *a1, const struct smp_crypto_address *a2,
	uint8_t ret_mackey[16], uint8_t ret_ltk[16]);
/* Eight parameters: those of the specification. */
int smp_crypto_f6(const uint8_t mackey[16], const uint8_t n1[16], const uint8_t n2[16],
	const uint8_t r[16], const uint8_t io[3], const struct smp_crypto_address *a1,
	const struct smp_crypto_address *a2, uint8_t ret[16]);
