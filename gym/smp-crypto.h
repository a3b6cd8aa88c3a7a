// SPDX-License-Identifier: MIT
#pragma once
/* The functions of LE Secure Connections (Core Vol 3 Part H 2.2): P-256 key agreement and the
 * AES-CMAC of f4, f5 and f6, over OpenSSL's libcrypto. Everything here is in the specification's
 * own order, most significant byte first; smp.c turns it round for the air. For the virtual gym
 * alone: coxad itself pairs through bluetoothd.
 */
#include <stddef.h>
#include <stdint.h>

struct smp_address { /* type, then the address, most significant byte first */
	uint8_t b[7];
};

struct smp_keys;

/* A fresh pair, or the one of a given private key. NULL where libcrypto refuses. */
struct smp_keys *smp_keys_new(const uint8_t private_key[32]);
struct smp_keys *smp_keys_free(struct smp_keys *keys);
/* X then Y. */
void smp_keys_public(const struct smp_keys *keys, uint8_t ret[64]);
/* -EINVAL where the peer's point is not on the curve, or is our own (a reflection). */
int smp_keys_agree(const struct smp_keys *keys, const uint8_t peer[64], uint8_t ret_dhkey[32]);

int smp_random(uint8_t *ret, size_t size);
/* All: -EIO where libcrypto refuses. */
int smp_f4(
	const uint8_t u[32], const uint8_t v[32], const uint8_t x[16], uint8_t z, uint8_t ret[16]);
int smp_f5(const uint8_t dhkey[32], const uint8_t n1[16], const uint8_t n2[16],
	const struct smp_address *a1, const struct smp_address *a2, uint8_t ret_mackey[16],
	uint8_t ret_ltk[16]);
int smp_f6(const uint8_t mackey[16], const uint8_t n1[16], const uint8_t n2[16],
	const uint8_t r[16], const uint8_t io[3], const struct smp_address *a1,
	const struct smp_address *a2, uint8_t ret[16]);
