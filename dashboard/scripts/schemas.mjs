// SPDX-License-Identifier: MIT
// The daemon's JSON Schemas as one document. Types and validators are both made of it, so page and
// daemon cannot drift apart.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Lists that grow with the daemon: an older page shows what it does not know as its code.
const OPEN = [
  'code', 'cue', 'calibration_code', 'health_code', 'command_error', 'reason', 'pattern', 'phase', 'exercise',
  'placement', 'calibration_lack', 'stream', 'order', 'history_act', 'wearable_problem', 'radio_wait',
];

/* Keeps the type of a cue's code apart from the message Cue. */
const SHARED = 'A';

const pascal = (name) => name.replace(/(^|[-_])(\w)/g, (_, __, letter) => letter.toUpperCase());

/* Where a reference leads in the one document; own: the name of the file it stands in. */
function target(ref, own) {
  const inner = pascal(ref.slice(ref.indexOf('#') + '#/$defs/'.length));
  if (ref.startsWith('defs.json#')) return `#/$defs/${SHARED}${inner}`;
  if (ref.startsWith('#')) return `#/$defs/${own || SHARED}${inner}`;
  return `#/$defs/${pascal(ref.replace(/\.json$/, ''))}`;
}

/* A later daemon may add fields and codes, which is no reason to refuse its messages. */
function loosen(node, isOpen, own = '') {
  if (Array.isArray(node)) return node.map((part) => loosen(part, isOpen, own));
  if (node === null || typeof node !== 'object') return node;
  const ret = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === 'title' || key === '$schema' || key === '$id') continue;
    if (key === 'additionalProperties' && value === false) continue;
    if (key === 'propertyNames' || key === '$defs' || (key === 'description' && node.$ref)) continue;
    ret[key] = key === '$ref' ? target(value, own) : loosen(value, isOpen, own);
  }
  return isOpen ? open(ret) : ret;
}

/* What an older page does not know stays a text. */
function open(node) {
  if (!Array.isArray(node.enum) || !node.enum.every((word) => word === null || typeof word === 'string')) return node;
  const isNull = node.enum.includes(null);
  const { enum: _, ...rest } = node;
  return { ...rest, type: isNull ? ['string', 'null'] : 'string', maxLength: 64 };
}

/** {$defs}: each message under its name, each shared type under the name it has in defs.json. */
export function readSchemas(folder) {
  const $defs = {};
  const words = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')).sort()) {
    const schema = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    if (file !== 'defs.json') {
      const own = pascal(file.slice(0, -5));
      $defs[own] = loosen(schema, false, own);
      for (const [name, type] of Object.entries(schema.$defs ?? {})) $defs[own + pascal(name)] = loosen(type, false, own);
      continue;
    }
    for (const [name, type] of Object.entries(schema.$defs)) {
      if (type.enum) words[name] = type.enum;
      $defs[SHARED + pascal(name)] = loosen(type, OPEN.includes(name));
    }
  }
  return { document: { $id: 'coxad', $defs }, words };
}
