// SPDX-License-Identifier: MIT
/* MQTT 5 over a websocket to the host that this page came from. Owns the client; everything that
 * arrives is handed on with the instant of its arrival.
 */
import mqtt, { type MqttClient } from 'mqtt';
import type { CommandResult } from '../../generated/types';
import { lifelineDue, newLifeline } from '../core/lifeline';
import { isResult, parse } from '../core/message';
import type { Link } from '../core/model';

export interface Credentials {
  user: string;
  password: string;
}
export interface Ops {
  link: (link: Link) => void;
  message: (topic: string, payload: Uint8Array, isRetained: boolean) => void;
  /** what is below the base comes from now on, what the broker keeps first */
  subscribed: () => void;
  /** a gym (the topics' base) that the broker knows */
  gym: (base: string) => void;
}
export type Answer = CommandResult | { ok: false; error: 'timeout' | 'offline' | 'refused'; message: string };

/* The daemon answers at once; a broker that is restarted takes a while. */
const ANSWER_MS = 6000;
/* For the broker; a dead network is noticed earlier, by the lifeline. */
const KEEPALIVE_S = 30;
const CONNECT_MS = 6000;
const REFUSED = [0x86, 0x87, 4, 5];

export const brokerUrl = (place: Location): string => `${place.protocol === 'https:' ? 'wss' : 'ws'}://${place.host}/mqtt`;

export class Connection {
  private client: MqttClient | null = null;
  private base: string | null = null;
  private user: string | null = null;
  private readonly id = `page-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
  private readonly pending = new Map<string, (answer: Answer) => void>();
  private requests = 0;
  private lifeline = newLifeline(0);

  constructor(private readonly url: string, private readonly ops: Ops) {}

  open(credentials: Credentials | null): void {
    this.close();
    this.user = credentials?.user || null;
    const client = mqtt.connect(this.url, {
      protocolVersion: 5, clean: true, clientId: this.id, keepalive: KEEPALIVE_S, reconnectPeriod: 1000, connectTimeout: CONNECT_MS,
      reconnectOnConnackError: true, resubscribe: false, queueQoSZero: false,
      ...(credentials ? { username: credentials.user, password: credentials.password } : {}),
    });
    this.client = client;
    client.on('connect', () => this.onConnect());
    client.on('packetreceive', () => { this.lifeline = newLifeline(performance.now()); });
    client.on('close', () => this.ops.link('lost'));
    client.on('error', (error) => this.onError(error as Error & { code?: number }));
    client.on('message', (topic, payload, packet) => this.onMessage(topic, payload, packet.retain, packet.properties?.correlationData));
  }

  close(): void {
    this.client?.removeAllListeners();
    this.client?.on('error', () => undefined);
    this.client?.end(true);
    this.client = null;
  }

  /** From now on, what is below base is handed on. */
  enter(base: string): void {
    this.base = base;
    if (this.client?.connected) this.subscribe();
  }

  /** A tablet that slept: what looks connected may be long dead. */
  refresh(): void {
    if (this.client?.connected) this.drop();
    else this.client?.reconnect();
  }

  /** To be called ten times a second: gives up a connection from which nothing comes any more. */
  check(): void {
    if (!this.client?.connected) return;
    const due = lifelineDue(this.lifeline, performance.now());
    if (due === 'ask') this.client.sendPing();
    if (due === 'dead') this.drop();
  }

  async request(verb: string, body: object, wait_ms = ANSWER_MS): Promise<Answer> {
    const client = this.client;
    if (!client?.connected || !this.base) return { ok: false, error: 'offline', message: '' };
    const request = `${this.id}-${++this.requests}`;
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish({ ok: false, error: 'timeout', message: '' }), wait_ms);
      const finish = (answer: Answer) => {
        clearTimeout(timer);
        this.pending.delete(request);
        resolve(answer);
      };
      this.pending.set(request, finish);
      const properties = { responseTopic: this.replyTopic(), correlationData: new TextEncoder().encode(request) as unknown as Buffer };
      client.publish(`${this.base}/command/${verb}`, JSON.stringify({ ...body, request }), { qos: 1, properties }, (error) => {
        if (error) finish({ ok: false, error: 'refused', message: error.message });
      });
    });
  }

  /* Without a farewell, for which a dead network would let us wait; a new attempt follows. */
  private drop(): void {
    this.client?.onKeepaliveTimeout();
  }

  /* Below the user's name, so that the broker's access list can keep one user's answers from another. */
  private replyTopic = (): string => [this.base, 'reply', this.user, this.id].filter((part) => part !== null).join('/');

  private onConnect(): void {
    this.ops.link('online');
    this.client?.subscribe('coxa/v1/+/gateway/+/status', { qos: 1 });
    if (this.base) this.subscribe();
  }

  private subscribe(): void {
    const below = ['gateway/+/+', 'wearable/+/+', 'kit/+/+', 'athlete/+/+'].map((topic) => `${this.base}/${topic}`);
    this.client?.subscribe([...below, this.replyTopic()], { qos: 1 }, () => this.ops.subscribed());
  }

  private onError(error: Error & { code?: number }): void {
    if (error.code !== undefined && REFUSED.includes(error.code)) this.ops.link('refused');
  }

  private onMessage(topic: string, payload: Uint8Array, isRetained: boolean, correlation: Uint8Array | undefined): void {
    if (this.base && topic === this.replyTopic()) return this.onReply(payload, correlation);
    const gym = /^(coxa\/v1\/[^/]+)\/gateway\/[^/]+\/status$/.exec(topic)?.[1];
    if (gym && payload.length > 0) this.ops.gym(gym);
    if (this.base && topic.startsWith(this.base + '/')) this.ops.message(topic, payload, isRetained);
  }

  private onReply(payload: Uint8Array, correlation: Uint8Array | undefined): void {
    const answer = parse(payload);
    if (!isResult(answer)) return;
    const request = answer.request ?? (correlation ? new TextDecoder().decode(correlation) : '');
    this.pending.get(request)?.(answer);
  }
}
