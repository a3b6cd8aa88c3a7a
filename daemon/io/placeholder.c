// SPDX-License-Identifier: MIT
extern int io_placeholder;
int io_placeholder;
