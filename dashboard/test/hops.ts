// SPDX-License-Identifier: MIT
/* When a message passed the broker and reached a page, to see which part of a delay is whose. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import mqtt from 'mqtt';
import type { World } from './world';

export interface Hop {
  at: number;
  topic: string;
}
const KEPT = 2000;

export const firstSince = (hops: Hop[], since: number, topic: RegExp): number | null =>
  hops.find((hop) => hop.at >= since && topic.test(hop.topic))?.at ?? null;

/** What every subscriber could have had: the broker's end, seen by one that does nothing else. */
export class Hops {
  readonly list: Hop[] = [];
  private readonly child: ChildProcess;

  constructor(world: World) {
    this.child = spawn('mosquitto_sub', ['-p', String(world.port), '-t', `${world.base}/#`, '-F', '%U %t'], { stdio: ['ignore', 'pipe', 'ignore'] });
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      const [at, ...topic] = line.split(' ');
      this.list.push({ at: Number(at) * 1000, topic: topic.join(' ') });
      if (this.list.length > KEPT) this.list.shift();
    });
  }

  close(): void {
    this.child.kill();
  }
}

const ROUNDS = 9;

/** Half of all bare round trips from one publisher over the broker to a subscriber take less, in ms. */
export async function bareRoundTrip(world: World): Promise<number> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${world.port}`);
  await client.subscribeAsync('bare');
  const took: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const begin = performance.now();
    const back = new Promise((resolve) => client.once('message', resolve));
    client.publish('bare', 'x');
    await back;
    took.push(performance.now() - begin);
  }
  await client.endAsync();
  return took.sort((a, b) => a - b)[(ROUNDS - 1) / 2]!;
}
