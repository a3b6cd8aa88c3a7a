# SPDX-License-Identifier: MIT
EXTRA_DIST += tests/vm/build-vm tests/vm/run-vm tests/vm/guest-init
