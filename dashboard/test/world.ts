// SPDX-License-Identifier: MIT
/* A gym to look at: a real coxad, a real mosquitto with a websocket listener that serves the page, and
 * the virtual gym on a private bus. Owns the processes; what it started it ends.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const top = process.env['COXAD_TOP_SRCDIR'] ?? '';
const build = process.env['COXAD_TOP_BUILDDIR'] ?? '';
export const DEADLINE_MS = 240_000;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(what: string, is: () => boolean | Promise<boolean>, patience_ms = DEADLINE_MS): Promise<void> {
  for (const end = Date.now() + patience_ms; !(await is()); await sleep(50)) if (Date.now() > end) throw new Error(`no ${what}`);
}

const BUS = (socket: string): string => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=${socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>`;

const freePort = (): number => Number(execFileSync(join(top, 'tools/free-port'), { encoding: 'utf8' }));

export class World {
  readonly place = mkdtempSync(join(tmpdir(), 'coxad-page-'));
  readonly port = freePort();
  readonly page = freePort();
  readonly address = `http://127.0.0.1:${this.page}/`;
  private configuration = '';
  private readonly running = new Map<string, ChildProcess>();
  private readonly environment = { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${this.path('bus')}`, STATE_DIRECTORY: this.path('state') };

  constructor(readonly base = 'coxa/v1/morning-class') {}

  path(name: string): string {
    return join(this.place, name);
  }

  /* The access lists that come with coxad: the trainer may command, the screen may only look. */
  private configureBroker(): void {
    writeFileSync(this.path('passwords'), '', { mode: 0o600 });
    for (const user of ['trainer', 'screen']) execFileSync('mosquitto_passwd', ['-b', this.path('passwords'), user, `${user}-word`], { stdio: 'ignore' });
    const rights = ['trainer', 'screen'].map((user) => execFileSync(join(top, 'dashboard/setup'), ['--rights', user, user]));
    writeFileSync(this.path('access'), Buffer.concat(rights), { mode: 0o600 });
    writeFileSync(this.path('mosquitto.conf'), `user root\nper_listener_settings true\nlistener ${this.port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true
listener ${this.page} 127.0.0.1\nprotocol websockets\nhttp_dir ${process.cwd()}/dist\nallow_anonymous false\npassword_file ${this.path('passwords')}
acl_file ${this.path('access')}\n`);
  }

  start(name: string, program: string, args: string[]): void {
    const log = openSync(this.path(`${name}.log`), 'a');
    this.running.set(name, spawn(program, args, { env: this.environment, stdio: ['ignore', log, log] }));
  }

  async startBroker(): Promise<void> {
    this.start('mosquitto', 'mosquitto', ['-c', this.path('mosquitto.conf')]);
    await until('page from mosquitto', () => fetch(this.address).then((answer) => answer.ok, () => false));
  }

  /** How often coxad has reached the broker. */
  connections(): number {
    return readFileSync(this.path('coxad.log'), 'utf8').split('broker: connected').length - 1;
  }

  startCoxad(): void {
    this.start('coxad', join(build, 'coxad'), ['--config', this.path('coxad.conf')]);
  }

  async open(script: string): Promise<void> {
    mkdirSync(this.path('state'));
    this.configureBroker();
    await this.startBroker();
    writeFileSync(this.path('bus.conf'), BUS(this.path('bus')));
    this.start('bus', 'dbus-daemon', ['--config-file', this.path('bus.conf'), '--nofork', '--nopidfile']);
    await until('bus', () => existsSync(this.path('bus')));
    execFileSync(join(build, 'coxa-gym'), [script, '--capture', '/dev/null', '--config', this.path('coxad.conf')]);
    this.configuration = `${readFileSync(this.path('coxad.conf'), 'utf8')}\n[mqtt]\nbroker = mqtt://127.0.0.1:${this.port}\n[bluetooth]\nslots = 30\n`;
    writeFileSync(this.path('coxad.conf'), this.configuration);
    this.startCoxad();
  }

  /** coxad reads its configuration again, with more at its end. */
  reload(more: string): void {
    writeFileSync(this.path('coxad.conf'), this.configuration + more);
    this.signal('coxad', 'SIGHUP');
  }

  /** As the gateway would, retained. */
  publish(topic: string, body: object): void {
    execFileSync('mosquitto_pub', ['-p', String(this.port), '-t', `${this.base}/${topic}`, '-r', '-q', '1', '-s'], { input: JSON.stringify(body) });
  }

  startGym(script: string, more: string[] = []): void {
    const door = ['--bus', this.environment.DBUS_SYSTEM_BUS_ADDRESS, '--commands', '--broker', `mqtt://127.0.0.1:${this.port}`, '--base', this.base];
    this.start('gym', join(build, 'coxa-gym'), [script, ...door, ...more]);
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.running.get(name)!.kill(signal);
  }

  hasEnded(name: string): boolean {
    const child = this.running.get(name)!;
    return child.exitCode !== null || child.signalCode !== null;
  }

  async kill(name: string): Promise<void> {
    const child = this.running.get(name)!;
    this.running.delete(name);
    child.kill('SIGKILL');
    await until(`end of ${name}`, () => child.exitCode !== null || child.signalCode !== null);
  }

  logs(): string {
    return ['mosquitto', 'coxad', 'gym'].filter((name) => existsSync(this.path(`${name}.log`))).map((name) => `${name}:\n${readFileSync(this.path(`${name}.log`), 'utf8').split('\n').slice(-8).join('\n')}`).join('\n');
  }

  async close(): Promise<void> {
    for (const name of [...this.running.keys()]) await this.kill(name);
    rmSync(this.place, { recursive: true, force: true });
  }
}
