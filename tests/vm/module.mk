# SPDX-License-Identifier: MIT
# Not of make check: tools/check runs tests/vm/run-all, which takes minutes and downloads a kernel.
VM_SCENARIOS = 01-full-kit 02-seven-wearables 03-recorded-raises 04-pairing 05-link-loss \
	06-bluetoothd-restart 07-adapter-off 08-broker-restart 09-mixed-kit 10-verdicts 11-impostor 12-two-adapters \
	13-silent-controller 14-adopt 15-reconfigure 16-two-radios 20-service
EXTRA_DIST += tests/vm/build-vm tests/vm/run-vm tests/vm/run-all tests/vm/make-root tests/vm/guest-init \
	tests/vm/guest-run tests/vm/guest-memory tests/vm/guest-systemd tests/vm/guest-lib tests/vm/seen.py \
	$(VM_SCENARIOS:%=tests/vm/%/gym) $(VM_SCENARIOS:%=tests/vm/%/run) $(VM_SCENARIOS:%=tests/vm/%/verify)
