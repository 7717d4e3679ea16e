import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import { z } from 'zod';

import { writtenConfigSchema } from '../../configs/config-schema.js';
import { repositoryRoot } from '../support/paths.js';

/** The part of JSON Schema that the config's has. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: string | number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** A value in a shipped config, with the comment on its line. */
interface Stated {
  readonly value: unknown;
  readonly comment: string;
}

const configs = join(repositoryRoot, 'configs');

/** The paper's own config first: its values are the examples, where it has some. */
const exampleFiles = [
  'brats2018.yaml',
  ...readdirSync(configs)
    .filter((name) => name.endsWith('.yaml') && name !== 'brats2018.yaml')
    .sort(),
];

/** Every value of a config by its path, in which the items of lists have no number. */
function statedIn(name: string): Map<string, Stated> {
  const text = readFileSync(join(configs, name), 'utf8');
  const sourceLines = text.split('\n');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const found = new Map<string, Stated>();
  const visit = (node: Node | null, path: string, comment: string): void => {
    const value: unknown = node === null ? null : node.toJS(document);
    if (!found.has(path)) found.set(path, { value, comment });
    const resolved = isAlias(node) ? node.resolve(document) : node;
    if (isSeq(resolved)) for (const item of resolved.items) visit(item as Node, `${path}[]`, comment);
    if (!isMap(resolved)) return;
    for (const { key, value: inner } of resolved.items) {
      if (!isScalar(key)) continue;
      const line = lines.linePos(key.range?.[0] ?? 0).line - 1;
      const own = commentAt(sourceLines, line);
      visit(inner as Node | null, path === '' ? String(key.value) : `${path}.${String(key.value)}`, own || comment);
    }
  };
  visit(isCollection(document.contents) ? document.contents : null, '', '');
  return found;
}

/** The comment at the end of a line, else on the lines above. */
function commentAt(lines: readonly string[], at: number): string {
  const trailing = /\s# (.*)$/.exec(lines[at] ?? '')?.[1];
  if (trailing !== undefined) return trailing;
  const above: string[] = [];
  for (let line = at - 1; /^\s+# /.test(lines[line] ?? ''); line--)
    above.unshift((lines[line] ?? '').replace(/^\s+# /, ''));
  return above.join(' ');
}

/** Units, by the word at the end of a key. */
const units: readonly (readonly [RegExp, string])[] = [
  [/Mm$/, 'mm'],
  [/Degrees$/, 'degrees'],
  [/Voxels$|^crop$/, 'voxels'],
  [/Pixels$/, 'pixels'],
  [/Epochs$/, 'epochs'],
  [/Minutes$/, 'minutes'],
  [/^percentiles$/, '%'],
];

/** A value as in YAML on one line. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => `${key}: ${inline(inner)}`);
    return `{ ${entries.join(', ')} }`;
  }
  if (typeof value === 'number' && Math.abs(value) < 0.0001 && value !== 0)
    return value.toExponential().replace('e', '.0e');
  return String(value);
}

/** What values a schema allows, in a few words. */
function allowed(schema: Schema): string {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) return [...new Set(branches.map(allowed))].join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${String(one)}\``).join(', ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.prefixItems !== undefined)
    return `list of ${schema.prefixItems.length}: ${allowed(schema.prefixItems[0] ?? {})}`;
  if (schema.type === 'array') return `list of: ${allowed(schema.items === false ? {} : (schema.items ?? {}))}`;
  if (schema.type === 'object') return 'keys as below';
  if (schema.type === 'boolean') return '`true`, `false`';
  if (schema.type === 'integer' || schema.type === 'number') {
    return `${schema.type === 'integer' ? 'whole number' : 'number'}${range(schema)}`;
  }
  return 'text';
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
  const low =
    exclusiveMinimum !== undefined ? `above ${exclusiveMinimum}` : minimum !== undefined ? `from ${minimum}` : '';
  const isLimit = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  const high = exclusiveMaximum !== undefined ? `below ${exclusiveMaximum}` : isLimit ? `to ${maximum}` : '';
  const words = [low, high].filter((word) => word !== '' && !word.includes(String(Number.MIN_SAFE_INTEGER)));
  return words.length === 0 ? '' : ` ${words.join(' ')}`;
}

interface Row {
  readonly key: string;
  readonly cells: readonly string[];
}

const heads = ['key', 'what it is', 'value', 'default', 'unit', 'example', 'the paper'] as const;

/** The reference of all keys of a config, as Markdown. */
export function configReference(): string {
  const schema = z.toJSONSchema(writtenConfigSchema, { io: 'input' }) as Schema;
  const examples = exampleFiles.map(statedIn);
  const stated = (path: string): Stated | undefined =>
    examples.map((one) => one.get(path)).find((one) => one !== undefined);
  const paper = examples[0];

  const rowOf = (path: string, own: Schema, whole: { required: boolean; inherited: unknown }): Row => {
    const key = path.split('.').at(-1)?.replaceAll('[]', '') ?? '';
    const fallback = own.default ?? whole.inherited;
    const example = stated(path)?.value;
    const shown = typeof example === 'object' && example !== null && !Array.isArray(example) ? undefined : example;
    const inPaper = paper?.get(path);
    const marked = inPaper !== undefined && /^(paper|authors)\b/.test(inPaper.comment);
    const isText = typeof inPaper?.value !== 'object' || Array.isArray(inPaper.value);
    const isMapOfKeys = typeof fallback === 'object' && !Array.isArray(fallback) && own.anyOf === undefined;
    const cells = [
      `\`${path.replaceAll('[]', '')}\``,
      own.description ?? '',
      allowed(own),
      fallback === undefined
        ? whole.required
          ? 'required'
          : 'none'
        : isMapOfKeys
          ? 'as below'
          : `\`${inline(fallback)}\``,
      units.find(([ending]) => ending.test(key))?.[1] ?? '',
      shown === undefined || JSON.stringify(shown).length > 60 ? '' : `\`${inline(shown)}\``,
      marked && isText ? `\`${inline(inPaper.value)}\` (${/^\w+/.exec(inPaper.comment)?.[0] ?? ''})` : '',
    ];
    return { key: path, cells };
  };

  const rows: Row[] = [];
  const walk = (path: string, own: Schema, whole: { required: boolean; inherited: unknown }): void => {
    if (path !== '') rows.push(rowOf(path, own, whole));
    inside(path, own, own.default ?? whole.inherited);
  };
  const inside = (path: string, own: Schema, defaults: unknown): void => {
    for (const branch of own.anyOf ?? own.oneOf ?? []) inside(path, branch, defaults);
    if (own.items !== undefined && own.items !== false) inside(`${path}[]`, own.items, undefined);
    const { additionalProperties: named } = own;
    if (typeof named === 'object') walk(`${path}.NAME`, named, { required: false, inherited: undefined });
    const kind = own.properties?.kind?.const;
    for (const [key, inner] of Object.entries(own.properties ?? {})) {
      if (kind !== undefined && key === 'kind') continue;
      const where = kind === undefined ? path : `${path} { kind: ${String(kind)} }`;
      const inherited =
        typeof defaults === 'object' && defaults !== null ? (defaults as Record<string, unknown>)[key] : undefined;
      const required = own.required?.includes(key) === true;
      walk(where === '' ? key : `${where}.${key}`, inner, { required, inherited });
    }
  };
  walk('', schema, { required: true, inherited: undefined });

  const sections = new Map<string, Row[]>();
  for (const row of rows) {
    const section = sectionOf(row.key);
    sections.set(section, [...(sections.get(section) ?? []), row]);
  }
  const tables = [...sections].map(([section, own]) => `## ${section}\n\n${table(own)}`);
  return [introduction, ...tables].join('\n\n') + '\n';
}

const introduction = `# Every key of a config

<!-- Made from the schema by test/docs/write-config-reference.ts; edit the descriptions in configs/, not this page. -->

A config is a YAML or JSON file. \`volbias init FOLDER\` writes one for a folder of images, and \`volbias plan\` lists every
mistake in it. Editors complete and check it by its JSON Schema, which \`volbias config schema --write FILE\` puts beside it.

*Default* is what holds if the key is not given, whichever of its neighbours are. *Example* is from a config in configs/. *The paper* is the value in
configs/brats2018.yaml, where that file marks it as the paper's, or as that of its authors' code; [paper-differences.md](paper-differences.md)
explains where the defaults differ. \`dataSets\` is a list; its keys are those of each data set.`;

/** The part of the config that a key belongs to. */
function sectionOf(path: string): string {
  const [first = '', second = ''] = path.replaceAll('[]', '').split('.');
  const own = first.split(' ')[0] ?? '';
  if (own === 'dataSets' && ['phantom', 'preprocessing'].includes(second)) return `${own}: ${second}`;
  if (own === 'training' && second === 'augmentation') return 'training: augmentation';
  return ['dataSets', 'split', 'arms', 'network', 'training', 'evaluation', 'statistics', 'numerics'].includes(own)
    ? own
    : 'The whole';
}

function table(rows: readonly Row[]): string {
  // A column that is empty throughout is left out.
  const kept = heads.map((_, at) => at < 4 || rows.some(({ cells }) => cells[at] !== ''));
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .filter((_, at) => kept[at])
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(({ cells }) => line(cells))].join('\n');
}
