#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""bench-live's reader in Python: connects to the wearables of the fake org.bluez with bleak,
subscribes to their motion, prints "ready" and then counts until it is killed.
Arguments: bus address, number of wearables."""
import asyncio
import os
import sys

os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = sys.argv[1]
from bleak import BleakClient, BleakScanner  # noqa: E402

MOTION = "c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c"
count = 0


def heard(_, data):
    global count
    count += len(data) > 0


async def main():
    n = int(sys.argv[2])
    devices = {}
    while len(devices) < n:
        for device in await BleakScanner.discover(timeout=1.0):
            if device.address.startswith("C0:A5"):
                devices[device.address] = device
    clients = [BleakClient(device) for device in devices.values()]
    for client in clients:
        await client.connect()
        await client.start_notify(MOTION, heard)
    while count < 100:
        await asyncio.sleep(0.05)
    print("ready", flush=True)
    while True:
        await asyncio.sleep(1)
        print(count, flush=True)


asyncio.run(main())
