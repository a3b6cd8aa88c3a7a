// SPDX-License-Identifier: MIT
/* One line a driver: X(descriptor). No include guard: included where the list is wanted. */
X(drv_coxa)
X(drv_st_bluest)
X(drv_nordic_thingy52)
X(drv_movella_dot)
X(drv_witmotion)
X(drv_movesense)
X(drv_sig_heart_rate)
X(drv_mbient_metamotion)
X(drv_bbc_microbit)
X(drv_arduino_nano33)
