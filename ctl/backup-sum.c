// SPDX-License-Identifier: MIT
#include "ctl/backup-sum.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <stdlib.h>

#include "coxad/base/hex.h"

/* Fails only without memory. */
static void expect(int is_done)
{
	if (is_done != 1)
		abort();
}

void backup_sum_begin(struct backup_sum *sum)
{
	sum->context = EVP_MD_CTX_new();
	expect(sum->context != NULL);
	expect(EVP_DigestInit_ex(sum->context, EVP_sha256(), NULL));
}

void backup_sum_add(struct backup_sum *sum, const void *bytes, size_t n)
{
	expect(EVP_DigestUpdate(sum->context, bytes, n));
}

void backup_sum_end(struct backup_sum *sum, char ret[static BACKUP_MANIFEST_SUM_SIZE])
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	expect(EVP_DigestFinal_ex(sum->context, digest, &size));
	hex_encode(digest, size, ret);
	EVP_MD_CTX_free(sum->context);
}
