// SPDX-License-Identifier: MIT
// The licences of what is in the page: every package that package-lock.json has for running, and the
// parts of ajv that the generated validators contain.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const INLINED = ['node_modules/ajv', 'node_modules/fast-deep-equal'];
const ACCEPTED = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'Python-2.0', 'BlueOak-1.0.0', '(MIT OR CC0-1.0)'];

function read(top, path) {
  const folder = join(top, path);
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!ACCEPTED.includes(license)) throw new Error(`${name}: is the licence ${license} accepted in the page?`);
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  return { name, version, license, text: file ? readFileSync(join(folder, file), 'utf8').trim() : '' };
}

/** [{name, version, license, text}], by name */
export function licences(top) {
  const lock = JSON.parse(readFileSync(join(top, 'package-lock.json'), 'utf8'));
  const paths = Object.entries(lock.packages).filter(([path, entry]) => path && (!entry.dev || INLINED.includes(path))).map(([path]) => path);
  return paths.filter((path) => existsSync(join(top, path, 'package.json'))).map((path) => read(top, path)).sort((a, b) => (a.name < b.name ? -1 : 1));
}
