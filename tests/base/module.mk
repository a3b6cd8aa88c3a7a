# SPDX-License-Identifier: MIT
CMOCKA_TESTS += \
	tests/base/test-address \
	tests/base/test-biquad \
	tests/base/test-generator \
	tests/base/test-hash \
	tests/base/test-hex \
	tests/base/test-list \
	tests/base/test-order \
	tests/base/test-rate \
	tests/base/test-text \
	tests/base/test-trace \
	tests/base/test-uuid
