# SPDX-License-Identifier: MIT
libcoxad_pure_a_SOURCES += \
	include/coxad/drivers/driver.h include/coxad/drivers/driver-list.h daemon/drivers/driver-list.c \
	include/coxad/drivers/ima-adpcm.h daemon/drivers/ima-adpcm.c
libcoxad_pure_a_SOURCES += daemon/drivers/drv-coxa.h daemon/drivers/drv-coxa.c daemon/drivers/drv-coxa-plan.c
libcoxad_pure_a_SOURCES += daemon/drivers/drv-st-bluest.h daemon/drivers/drv-st-bluest.c \
	daemon/drivers/drv-st-bluest-advert.c daemon/drivers/drv-st-bluest-clock.c \
	daemon/drivers/drv-st-bluest-plan.c
libcoxad_pure_a_SOURCES += include/coxad/drivers/sample-count.h daemon/drivers/sample-count.c
libcoxad_pure_a_SOURCES += include/coxad/drivers/euler.h
libcoxad_pure_a_SOURCES += daemon/drivers/drv-nordic-thingy52.c
libcoxad_pure_a_SOURCES += daemon/drivers/drv-movella-dot.h daemon/drivers/drv-movella-dot.c \
	daemon/drivers/drv-movella-dot-plan.c
libcoxad_pure_a_SOURCES += daemon/drivers/drv-witmotion.c
libcoxad_pure_a_SOURCES += daemon/drivers/drv-movesense.c
libcoxad_pure_a_SOURCES += include/coxad/drivers/quantity.h include/coxad/drivers/button.h
libcoxad_pure_a_SOURCES += include/coxad/drivers/sig-services.h daemon/drivers/sig-services.c
libcoxad_pure_a_SOURCES += daemon/drivers/drv-sig-heart-rate.c
libcoxad_pure_a_SOURCES += daemon/drivers/drv-bbc-microbit.c
libcoxad_pure_a_SOURCES += daemon/drivers/drv-arduino-nano33.c
libcoxad_pure_a_SOURCES += daemon/drivers/drv-mbient-metamotion.h daemon/drivers/drv-mbient-metamotion.c \
	daemon/drivers/drv-mbient-metamotion-plan.c
