import { basename, join } from 'node:path';

import { CST, isMap, isScalar, Lexer, LineCounter, parseDocument, visit, type Document, type Scalar } from 'yaml';
import type { z } from 'zod';

import { writtenConfigSchema, type WrittenConfig } from '../../configs/config-schema.js';
import { crossProblems } from '../../configs/cross-checks.js';
import { DomainError } from '../../domain/domain-error.js';
import { hasFile } from '../files/has-file.js';
import { packageFolder } from '../machine/runtime-record.js';
import { readOrdinaryFile } from '../files/ordinary-file.js';
import { anyImageEnding } from '../images/unsupported-file.js';
import { expectationOf, orList, syntaxWords, valueWords } from './issue-words.js';
import { unknownKeyText } from './known-keys.js';
import { meantText } from './meant-value.js';

/** One problem of a config: where it is, and what was expected. */
export interface ConfigProblem {
  readonly path: string;
  readonly line: number | undefined;
  readonly message: string;
}

const maximumBytes = 1_000_000;
const maximumAliases = 100;
/** Keys and items of lists. The longest config of the paper has 200. */
const maximumEntries = 10_000;
/** Levels of brackets, and of lists that begin on one line: the parser is recursive. Indented levels need more text. */
const maximumDepth = 100;
const mostListed = 100;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** A config's text. CONFIG_INVALID if the file cannot be read, is too large, or is no text. */
export async function readConfigText(path: string): Promise<string> {
  const refuse = (reason: string): never => {
    throw new DomainError('CONFIG_INVALID', `cannot read the config ${reason}`);
  };
  if (anyImageEnding.test(path))
    refuse(`${path}: it is named as an image; volbias init writes a config for a folder of images`);
  const bytes = await readOrdinaryFile(path, maximumBytes).catch(async (error: unknown) => {
    const own = join(packageFolder, 'configs', basename(path));
    const advice = !(await hasFile(path)) && (await hasFile(own)) ? `; volbias has one of this name: ${own}` : '';
    return refuse(`${error instanceof Error ? error.message : path}${advice}`);
  });
  if (bytes.includes(0)) refuse(`${path}: it is no text; a config is YAML or JSON in UTF-8`);
  return bytes.toString('utf8');
}

/** The config of a YAML or JSON text. Throws CONFIG_INVALID that lists every problem with its path and line. */
export function configOf(path: string, text: string, foldsInFile?: number): WrittenConfig {
  const result = parseConfig(text, foldsInFile);
  if ('config' in result) return result.config;
  const lines = result.problems
    .slice(0, mostListed)
    .map(
      ({ path: where, line, message }) =>
        `  ${path}${line === undefined ? '' : `:${String(line)}`}  ${where === '' ? '(top level)' : where}: ${message}`,
    );
  const count = result.problems.length === 1 ? 'one problem' : `${String(result.problems.length)} problems`;
  const rest = result.problems.length - lines.length;
  if (rest > 0) lines.push(`  … and ${String(rest)} more`);
  throw new DomainError('CONFIG_INVALID', `${count} in the config:\n${lines.join('\n')}`, {
    problems: result.problems,
  });
}

/**
 * Parses and validates a config's text, and reports all problems, not only the first. `foldsInFile` is the number of
 * lists in `split.file`, once it is known. It is then the number of folds; a different number in the config is an
 * error.
 */
function parseConfig(text: string, foldsInFile?: number): { config: WrittenConfig } | { problems: ConfigProblem[] } {
  const lineCounter = new LineCounter();
  if (isNestedTooDeeply(text)) return { problems: [{ path: '', line: undefined, message: 'it is nested too deeply' }] };
  // The parser compares each key with all others of its map; `faultyKeys` does not.
  const document = parseDocument(text, { lineCounter, uniqueKeys: false, stringKeys: true, merge: true });
  const syntax = syntaxProblems(document, lineCounter);
  if (syntax.length > 0) return { problems: syntax };

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: maximumAliases });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { problems: [{ path: '', line: undefined, message: `refused: ${message}` }] };
  }
  const source = { document, lines: lineCounter, value };
  const split = propertiesOf(propertiesOf(value)?.split);
  if (foldsInFile !== undefined && split !== undefined) {
    const { folds: stated = foldsInFile } = split;
    if (stated !== foldsInFile) {
      const message = `${String(stated)} folds contradict the ${String(foldsInFile)} lists in split.file; remove folds`;
      return { problems: [problem(['split', 'folds'], message, source)] };
    }
    split.folds = foldsInFile;
  }
  const parsed = writtenConfigSchema.safeParse(value, { error: expectationOf });
  if (parsed.success) return { config: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) => describe(issue, source));
  // Zod skips these rules when it finds certain other problems, such as 1.5 for an integer.
  const joint = crossProblems(value).map(({ path, message }) => problem(path, message, source));
  const isJoint = (one: ConfigProblem): boolean =>
    joint.some(({ path, message }) => path === one.path && message === one.message);
  const own = problems.filter((one) => !isJoint(one));
  // What is wrong in itself need not fit the rest.
  const others = joint.filter((one) => !own.some(({ path }) => path === one.path));
  const all = [...own, ...others];
  return { problems: all.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/** Errors of the YAML text. The parser goes on after an error; what it finds later on the same line is due to the first. */
function syntaxProblems(document: Document, lines: LineCounter): ConfigProblem[] {
  const lineOfError = ({ pos }: { readonly pos: [number, number] }): number => lines.linePos(pos[0]).line;
  const tabs = [...new Set(document.errors.filter(({ code }) => code === 'TAB_AS_INDENT').map(lineOfError))];
  const [line, ...further] = tabs;
  if (line !== undefined) {
    const also =
      further.length === 0 ? '' : ` (also on ${further.length === 1 ? 'line' : 'lines'} ${further.join(', ')})`;
    return [{ path: '', line, message: `a tab at the beginning of the line${also}; YAML is indented with spaces` }];
  }
  const found = [...document.errors, ...faultyKeys(document)].map(({ message, pos }) => ({
    path: '',
    line: lineOfError({ pos }),
    message: syntaxWords(message.replace(/ at line \d+, column \d+:?[^]*$/, '')),
  }));
  return found.filter((one, index) => found.findIndex(({ line: other }) => other === one.line) === index);
}

function propertiesOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function isNestedTooDeeply(text: string): boolean {
  let brackets = 0;
  let onThisLine = 0;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === 'flow-seq-start' || type === 'flow-map-start') brackets++;
    else if (type === 'flow-seq-end' || type === 'flow-map-end') brackets--;
    else if (type === 'seq-item-ind' || type === 'explicit-key-ind') onThisLine++;
    else if (type === 'newline') onThisLine = 0;
    if (brackets + onThisLine > maximumDepth) return true;
  }
  return false;
}

/** Keys that are not allowed or occur twice; or only that there are too many entries: checking them would take minutes. */
function faultyKeys(document: Document): { message: string; pos: [number, number] }[] {
  const found: { message: string; pos: [number, number] }[] = [];
  let entries = 0;
  const refuse = (key: Scalar, message: string): void => {
    const start = key.range?.[0] ?? 0;
    found.push({ message, pos: [start, start] });
  };
  visit(document, {
    Collection: (_, collection) => {
      entries += collection.items.length;
      if (!isMap(collection)) return;
      const seen = new Set<string>();
      for (const { key } of collection.items) {
        if (!isScalar(key)) continue;
        const text = String(key.value);
        if (forbiddenKeys.has(text)) refuse(key, `the key "${text}" is not allowed`);
        if (seen.has(text)) refuse(key, `the key "${text}" occurs twice`);
        seen.add(text);
      }
    },
  });
  if (entries <= maximumEntries) return found;
  return [{ message: `it has ${String(entries)} entries; the limit is ${String(maximumEntries)}`, pos: [0, 0] }];
}

/** A config's text as parsed, and its value. */
interface Source {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly value: unknown;
}

function describe(issue: z.core.$ZodIssue, source: Source): ConfigProblem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    const { value } = source;
    return issue.keys.map((key) => problem([...path, key], unknownKeyText(key, path, value), source));
  }
  if (issue.code === 'custom') return [problem(path, issue.message, source)];
  if (issue.code === 'invalid_key') {
    const [{ message } = issue] = issue.issues;
    return [problem(path, `this name is not allowed: ${message}`, source)];
  }
  let expected = issue.message;
  if (issue.code === 'invalid_union') {
    // The branch that matches the value most deeply is the one that was meant.
    const branches = issue.errors.filter((branch) => branch.length > 0);
    const deepest = branches.sort((a, b) => depth(b) - depth(a))[0];
    if (deepest !== undefined && depth(deepest) > 0) {
      return deepest.flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }, source));
    }
    const each = branches.flatMap((branch) => branch.map(({ message }) => message.replace(/^expected /, '')));
    if (each.length > 0 && !expected.startsWith('expected ')) expected = `expected ${orList(each)}`;
  }
  // Not by the document, which has merged keys (<<) elsewhere.
  const found = valueAt(source.value, path);
  const message =
    path.length > 0 && found === undefined
      ? `missing, ${expected}`
      : `${expected}, but it is ${valueWords(found)}${meantText(issue, path, found)}`;
  return [problem(path, message, source)];
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((current, part) => propertiesOf(current)?.[part], value);
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(...issues.map(({ path, code }) => path.length + (code === 'unrecognized_keys' ? 1 : 0)));
}

function problem(
  path: readonly (string | number)[],
  message: string,
  { document, lines }: Pick<Source, 'document' | 'lines'>,
): ConfigProblem {
  const text = path.reduce<string>(
    (joined, part) =>
      typeof part === 'number' ? `${joined}[${String(part)}]` : joined === '' ? part : `${joined}.${part}`,
    '',
  );
  return { path: text, line: lineOf(path, document, lines), message };
}

/** The line of the value at a path, or of its closest existing parent. */
function lineOf(path: readonly (string | number)[], document: Document, lines: LineCounter): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const parent = length === 0 ? undefined : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent) || (length === 1 && isMap(document.contents))) {
      const map = isMap(parent) ? parent : document.contents;
      const pair = isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === last) : undefined;
      if (pair !== undefined && isScalar(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
    }
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = node !== null && typeof node === 'object' && 'range' in node ? (node.range as number[] | null) : null;
    const start = range?.[0];
    if (start !== undefined) return lines.linePos(start).line;
  }
  return undefined;
}
