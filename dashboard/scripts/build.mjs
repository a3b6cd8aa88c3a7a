// SPDX-License-Identifier: MIT
// build.mjs page|tests SCHEMAS: makes dist/index.html, everything inlined, with dist/licences.txt, or dist/test/*.mjs.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { generate } from './generate.mjs';
import { licences } from './licences.mjs';

const TOP = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...part) => join(TOP, ...part);
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/* Nothing but this file and the broker on the same host. mqtt.js keeps its time in a worker, because
 * browsers slow down the timers of a page in the background.
 */
const policy = (script, style) =>
  `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; connect-src 'self'; worker-src blob:; img-src data:; base-uri 'none'; form-action 'none'`;

async function page() {
  const common = { bundle: true, minify: true, write: false, legalComments: 'none', logLevel: 'warning' };
  const script = await build({
    ...common, entryPoints: [at('src/main.tsx')], format: 'iife', target: 'es2022', jsx: 'automatic', jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const style = await build({ ...common, entryPoints: [at('src/view/style.css')], external: ['data:*'] });
  const [js, css] = [script.outputFiles[0].text.trim(), style.outputFiles[0].text.trim()];
  const parts = licences(TOP);
  const html = readFileSync(at('src/index.html'), 'utf8')
    .replace('{policy}', () => policy(js, css)).replace('{style}', () => css)
    .replace('{parts}', () => parts.map(({ name, version, license }) => `${name} ${version} (${license})`).join(', ')).replace('{script}', () => js);
  mkdirSync(at('dist'), { recursive: true });
  writeFileSync(at('dist/index.html'), html);
  writeFileSync(at('dist/licences.txt'), parts.map(({ name, version, license, text }) => `${name} ${version}, ${license}\n\n${text}\n`).join('\n----\n\n'));
  console.log(`dist/index.html: ${html.length} bytes, ${gzipSync(html, { level: 9 }).length} compressed`);
}

async function tests() {
  const files = readdirSync(at('test')).filter((name) => name.endsWith('.ts'));
  await build({
    entryPoints: files.map((name) => at('test', name)), outdir: at('dist/test'), outExtension: { '.js': '.mjs' }, bundle: true,
    platform: 'node', format: 'esm', target: 'node18', packages: 'external', logLevel: 'warning', jsx: 'automatic', jsxImportSource: 'preact',
  });
}

const [what, schemas] = process.argv.slice(2);
await generate(schemas, at('generated'));
await (what === 'tests' ? tests() : page());
