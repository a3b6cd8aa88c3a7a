// SPDX-License-Identifier: MIT
/* scenarios EXPECTED [--update] [NAME...]: plays each scenario of tests/scenario through coxad --replay
 * and the core of the page, and compares how the cards change with EXPECTED/NAME.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { receive, setLink } from '../src/core/apply';
import type { CardView } from '../src/core/card';
import { newModel } from '../src/core/model';
import { newSounds, soundsDue } from '../src/core/sound';
import { viewOf, type PageView } from '../src/core/view';

const run = promisify(execFile);
const build = process.env['COXAD_TOP_BUILDDIR'] ?? '';
const scenarios = join(process.env['COXAD_TOP_SRCDIR'] ?? '', 'tests/scenario');

interface Line {
  t: number;
  topic: string;
  payload: object | null;
}

async function replay(name: string): Promise<Line[]> {
  const place = mkdtempSync(join(tmpdir(), 'coxad-page-'));
  const [capture, conf] = [join(place, 'capture'), join(place, 'conf')];
  try {
    await run(join(build, 'coxa-gym'), [join(scenarios, name, 'gym'), '--seed', '1', '--capture', capture, '--config', conf]);
    const { stdout } = await run(join(build, 'coxad'), ['--replay', capture, '--config', conf], { maxBuffer: 1 << 30 });
    return stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Line);
  } finally {
    rmSync(place, { recursive: true });
  }
}

const list = (codes: string[]): string => (codes.length ? ` (${codes.join(' ')})` : '');

function line(card: CardView): string {
  const technical = [...new Set(card.technical.map((t) => t.code))].sort();
  return [
    `mat ${card.kit} ${card.athlete ?? 'free'}: ${card.state} ${card.severity}${card.is_acknowledged ? ' acknowledged' : ''}${list(card.reasons)}`,
    card.cue ? `cue ${card.cue.code}` : '', technical.length ? `sensors${list(technical)}` : '', card.stale ? `stale ${card.stale}` : '',
    card.last_pop ? `last ${card.last_pop.class}` : '',
  ].filter(Boolean).join('; ');
}

const counted = (card: CardView): string => `mat ${card.kit} ${card.athlete}: ${card.reps} repetitions, ${card.faulty} faulty`;

export function play(lines: Line[]): string[] {
  const [model, sounds, shown, heard, ret] = [newModel(), newSounds(), new Map<string, string>(), new Set<string>(), [] as string[]];
  const counts = new Map<string, string>();
  const base = lines[0]!.topic.split('/').slice(0, 3).join('/');
  setLink(model, 'online', lines[0]!.t / 1000);
  for (const { t, topic, payload } of lines) {
    const bytes = new TextEncoder().encode(payload === null ? '' : JSON.stringify(payload));
    const told = receive(model, base, topic, bytes, false, t / 1000);
    if (typeof told === 'string' && !topic.includes('/command/')) ret.push(`refused ${topic}: ${told}`);
    if (topic.endsWith('/stats')) continue;
    const view: PageView = viewOf(model, t / 1000);
    for (const card of view.cards) {
      if (card.athlete) counts.set(card.kit, counted(card));
      if (shown.get(card.kit) === line(card)) continue;
      shown.set(card.kit, line(card));
      ret.push(line(card));
    }
    for (const sound of soundsDue(sounds, view, t / 1000)) heard.add(sound);
  }
  return [...ret, `sounds${list([...heard].sort())}`, ...counts.values()];
}

async function check(name: string, expected: string, isUpdate: boolean): Promise<boolean> {
  const got = play(await replay(name)).join('\n') + '\n';
  const file = join(expected, name);
  if (isUpdate) writeFileSync(file, got);
  const wanted = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (got === wanted) return true;
  const [a, b] = [wanted.split('\n'), got.split('\n')];
  const at = b.findIndex((text, i) => text !== a[i]);
  console.log(`${name}: from line ${at + 1} on the view differs\n  expected: ${a[at] ?? '(nothing)'}\n  got:      ${b[at] ?? '(nothing)'}`);
  return false;
}

async function main(): Promise<void> {
  const [expected, ...more] = process.argv.slice(2);
  const isUpdate = more.includes('--update');
  const names = more.filter((word) => !word.startsWith('--'));
  const all = readdirSync(scenarios).filter((name) => existsSync(join(scenarios, name, 'gym'))).sort();
  const every = Number(process.env['COXAD_TEST_EVERY'] ?? 1);
  const todo = names.length ? names : all.filter((_, i) => i % every === 0);
  const queue = [...todo];
  let right = 0;
  const worker = async () => {
    for (let name = queue.shift(); name; name = queue.shift()) if (await check(name, expected!, isUpdate)) right++;
  };
  await Promise.all([worker(), worker()]);
  console.log(`${right} of ${todo.length} scenarios have the expected view`);
  if (right !== todo.length) console.log('If the new views are right: tests/dashboard/core --update');
  process.exitCode = right === todo.length && right > 0 ? 0 : 1;
}

await main();
