// SPDX-License-Identifier: MIT
// generate SCHEMAS OUT: types.ts, the words of each enumeration, and validators.js from the schemas.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { compile } from 'json-schema-to-typescript';
import { readSchemas } from './schemas.mjs';

/* What the page receives. Commands are checked by the daemon. */
const RECEIVED = [
  'Alert', 'Alerts', 'Calibration', 'History', 'CommandResult', 'Cue', 'GatewayHealth', 'GatewayStats', 'GatewayStatus',
  'GatewayInventory', 'GatewayRadios', 'Pop', 'Posture', 'Rep', 'Session', 'Summary', 'WearableStatus', 'WearableLive',
];

async function types(document) {
  const properties = Object.fromEntries(Object.keys(document.$defs).map((name) => [name, { $ref: `#/$defs/${name}` }]));
  return compile({ type: 'object', properties, $defs: structuredClone(document.$defs) }, 'Everything', {
    bannerComment: '', additionalProperties: false, format: false,
  });
}

const wordTypes = (words) =>
  Object.entries(words).map(([name, list]) => {
    const type = name.replace(/(^|_)(\w)/g, (_, __, letter) => letter.toUpperCase());
    return `export type ${type}Word = ${list.filter((w) => w !== null).map((w) => JSON.stringify(w)).join(' | ')};\n`;
  }).join('');

const undescribed = (document) => JSON.parse(JSON.stringify(document, (key, value) => (key === 'description' && typeof value === 'string' ? undefined : value)));

/* The page asks whether a message is right, never why not: a reason is one thing like another. */
function withoutReasons(code) {
  const text = /(?:"(?:[^"\\]|\\.)*"|[^{}"])*/.source;
  const ret = code
    .replace(new RegExp(`\\{instancePath${text}params:\\{${text}\\}\\}`, 'g'), '0')
    .replace(new RegExp(`(validate\\d+\\([^(),{}]+), \\{instancePath${text}\\}`, 'g'), '$1')
    .replace(/(function validate\d+\(data), \{instancePath=[^{}]*\}=\{\}\)/g, '$1)');
  const left = /.{0,60}(instancePath|schemaPath|parentData|rootData).{0,60}/.exec(ret);
  if (left) throw new Error(`ajv's code looks otherwise than expected: ${left[0]}`);
  return ret;
}

/* Code, not schemas: the page needs no compiler at run time, so it works without `unsafe-eval`. */
function validators(document) {
  const ajv = new Ajv.default({ strict: false, code: { source: true, esm: true, optimize: 2 }, validateFormats: false, messages: false, inlineRefs: false });
  ajv.addSchema(undescribed(document));
  const names = RECEIVED.filter((name) => document.$defs[name]);
  const code = standalone.default(ajv, Object.fromEntries(names.map((name) => [`is${name}`, `coxad#/$defs/${name}`])));
  const lines = names.map((name) => `export declare const is${name}: (value: unknown) => value is import('./types').${name};`);
  return [code, lines.join('\n') + '\n'];
}

export async function generate(schemas, out) {
  const { document, words } = readSchemas(schemas);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'types.ts'), (await types(document)) + wordTypes(words));
  const [code, declaration] = validators(document);
  /* It requires parts of ajv's run time; the bundle has them inlined. */
  await build({ stdin: { contents: withoutReasons(code), resolveDir: join(out, '..') }, bundle: true, format: 'esm', outfile: join(out, 'validators.js'), logLevel: 'warning' });
  writeFileSync(join(out, 'validators.d.ts'), declaration);
}
