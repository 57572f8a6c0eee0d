// Writes the texts that a person reads into l10n/bundle.l10n.json, which a translation is made from: those given to
// `l10n.t` and `t`, and those marked by `phrase`. With --check it only says what of the file is not up to date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'svelte/compiler';

const bundle = 'l10n/bundle.l10n.json';
const rooms = ['extension/host', 'extension/protocol', 'webview'];
const takers = new Set(['t', 'phrase', 'pieces']);
/** A report is in English, and tests say what they like. */
const isRead = (file) =>
  /\.(ts|svelte)$/.test(file) && !/[\\/]report[\\/]|\.(test|fixture|browser|d)\.ts$/.test(file);

const files = rooms.flatMap((room) =>
  readdirSync(room, { recursive: true })
    .map((name) => join(room, name))
    .filter(isRead)
    .sort(),
);
const found = [...new Set(files.flatMap(textsOf))].sort();
if (process.argv.includes('--check')) {
  const known = Object.keys(JSON.parse(readFileSync(bundle, 'utf8')));
  const missing = found.filter((text) => !known.includes(text));
  const left = known.filter((text) => !found.includes(text));
  for (const text of missing) console.error(`${bundle} lacks: ${text}`);
  for (const text of left) console.error(`${bundle} has what is nowhere said: ${text}`);
  if (missing.length + left.length > 0) {
    console.error('Run `npm run texts`.');
    process.exitCode = 1;
  }
} else
  writeFileSync(
    bundle,
    `${JSON.stringify(Object.fromEntries(found.map((text) => [text, text])), null, 2)}\n`,
  );

/** The texts of one file. Its calls may name a table, whose texts are marked where they stand. */
function textsOf(file) {
  const source = readFileSync(file, 'utf8');
  const isComponent = file.endsWith('.svelte');
  const tree = parse(
    isComponent ? source : `<script lang="ts">${source.replaceAll('</script', '<\\/script')}</script>`,
    { modern: true, filename: file },
  );
  return [...nodesOf(tree)]
    .filter(({ type, callee }) => type === 'CallExpression' && takers.has(nameOf(callee)))
    .flatMap((call) => said(call.arguments[0], file));
}

function* nodesOf(node) {
  if (typeof node !== 'object' || node === null) return;
  if (typeof node.type === 'string') yield node;
  for (const value of Object.values(node)) yield* nodesOf(value);
}

function nameOf(callee) {
  return callee.type === 'MemberExpression' ? callee.property.name : callee.name;
}

/**
 * What an expression can say, as far as that is written in it.
 *
 * @throws Error when values stand in the text itself: no translation could be found for it.
 */
function said(expression, file) {
  switch (expression?.type) {
    case 'Literal':
      return typeof expression.value === 'string' ? [expression.value] : [];
    case 'ConditionalExpression':
      return [...said(expression.consequent, file), ...said(expression.alternate, file)];
    case 'TemplateLiteral':
    case 'BinaryExpression':
      throw new Error(`${file}: a text is put together before it is translated. Write it whole, with {0}.`);
    default:
      return [];
  }
}
