#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes ./configure out of configure.ac.
set -e
cd "$(dirname "$0")"
mkdir -p build-aux m4
exec autoreconf --install --force --warnings=all,no-obsolete "$@"
