import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { repositoryRoot } from '../support/paths.js';
import { runCommand, temporaryFolder } from './setup-scripts.js';

const rooms = 'activities cli configs contracts domain learning scripts steps storage test worker workflows'.split(' ');
const cruiser = join(repositoryRoot, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');

const rules = join(repositoryRoot, '.dependency-cruiser.cjs');

/** What dependency-cruiser says of a tree: which file imports what, and against which rule. */
interface Cruise {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string; readonly dependencyTypes: readonly string[] }[];
  }[];
  readonly summary: {
    readonly violations: readonly { from: string; to: string; rule: { name: string } }[];
  };
}

async function cruise(folder: string): Promise<Cruise> {
  const args = [cruiser, '--config', rules, '--output-type', 'json', ...rooms];
  const result = await runCommand(process.execPath, args, { cwd: folder });
  assert.notEqual(result.output, '', result.errors);
  return JSON.parse(result.output) as Cruise;
}

async function violations(folder: string): Promise<string[]> {
  const { summary } = await cruise(folder);
  return summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`).sort();
}

/** A tree with the same rooms, in which the given files are all there is. */
async function treeOf(test: TestContext, files: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder(test);
  await cp(join(repositoryRoot, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  await cp(join(repositoryRoot, 'package.json'), join(folder, 'package.json'));
  await symlink(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  for (const room of rooms) await mkdir(join(folder, room));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** One wrong import for each rule: the file that has it, what it says, and the rule that must name it. */
type Wrong = readonly [rule: string, from: string, text: string, to?: string];
const wrong: readonly Wrong[] = [
  ['contracts-do-nothing', 'contracts/a.ts', "import { x } from '../domain/x.js'; export const y = x;", 'domain/x.ts'],
  [
    'contracts-import-types-of-configs-and-domain',
    'contracts/a.ts',
    "import type { X } from '../storage/x.js'; export type Y = X;",
    'storage/x.ts',
  ],
  ['configs-stand-alone', 'configs/a.ts', "import { x } from '../domain/x.js'; export const y = x;", 'domain/x.ts'],
  ['domain-computes-only', 'domain/a.ts', "import { readFileSync } from 'node:fs'; export const y = readFileSync;"],
  [
    'domain-computes-only',
    'domain/a.ts',
    "import type { X } from '../configs/x.js'; export type Y = X;",
    'configs/x.ts',
  ],
  ['domain-computes-only', 'domain/report/a.ts', "import { NIFTI1 } from 'nifti-reader-js'; export const y = NIFTI1;"],
  [
    'formats-compute-only',
    'domain/formats/a.ts',
    "import { readFileSync } from 'node:fs'; export const y = readFileSync;",
  ],
  ['plan-is-replayed', 'domain/plan/a.ts', "import { x } from '../x.js'; export const y = x;", 'domain/x.ts'],
  [
    'plan-imports-types-of-domain-contracts-and-configs',
    'domain/plan/a.ts',
    "import type { X } from '../../storage/x.js'; export type Y = X;",
    'storage/x.ts',
  ],
  ...['activities', 'worker', 'storage', 'domain/report', 'domain/results'].map((room): Wrong => [
    'pipeline-enters-the-theory-by-its-prediction',
    `${room}/a.ts`,
    `import { x } from '${'../'.repeat(room.split('/').length)}domain/theory/analysis/x.js'; export const y = x;`,
    'domain/theory/analysis/x.ts',
  ]),
  [
    'learning-knows-tensors-only',
    'learning/a.ts',
    "import { x } from '../storage/x.js'; export const y = x;",
    'storage/x.ts',
  ],
  ['storage-knows-no-engine', 'storage/a.ts', "import { Client } from '@temporalio/client'; export const y = Client;"],
  [
    'storage-knows-no-engine',
    'storage/a.ts',
    "import { x } from '../learning/x.js'; export const y = x;",
    'learning/x.ts',
  ],
  [
    'workflows-decide-only',
    'workflows/a.ts',
    "import type { X } from '../activities/x.js'; export type Y = X;",
    'activities/x.ts',
  ],
  ['workflows-decide-only', 'workflows/a.ts', "import { x } from '../domain/x.js'; export const y = x;", 'domain/x.ts'],
  [
    'activities-are-thin',
    'activities/a.ts',
    "import type { X } from '../workflows/x.js'; export type Y = X;",
    'workflows/x.ts',
  ],
  [
    'steps-join-the-rooms-that-work',
    'steps/a.ts',
    "import { x } from '../activities/x.js'; export const y = x;",
    'activities/x.ts',
  ],
  [
    'steps-load-tensorflow-when-they-run',
    'steps/a.ts',
    "import { x } from '../learning/x.js'; export const y = x;",
    'learning/x.ts',
  ],
  [
    'activities-are-handed-their-store',
    'activities/a.ts',
    "import { x } from '../storage/store/local-artifact-store.js'; export const y = x;",
    'storage/store/local-artifact-store.ts',
  ],
  [
    'worker-leaves-terminal-and-tests',
    'worker/a.ts',
    "import { x } from '../cli/x.js'; export const y = x;",
    'cli/x.ts',
  ],
  ['worker-is-the-root', 'storage/a.ts', "import { x } from '../worker/x.js'; export const y = x;", 'worker/x.ts'],
  [
    'cli-imports-no-computing-process',
    'cli/a.ts',
    "import { x } from '../learning/x.js'; export const y = x;",
    'learning/x.ts',
  ],
  [
    'cli-starts-worker-by-its-entry',
    'cli/a.ts',
    "import { x } from '../worker/x.js'; export const y = x;",
    'worker/x.ts',
  ],
  ['scripts-stand-alone', 'scripts/a.mjs', "import 'yaml';"],
  [
    'nothing-imports-scripts-or-tests',
    'worker/a.ts',
    "import { x } from '../test/x.js'; export const y = x;",
    'test/x.ts',
  ],
  ['files-are-for-storage', 'cli/a.ts', "import { rm } from 'node:fs/promises'; export const y = rm;"],
  ['no-cycles', 'domain/a.ts', "import { b } from './b.js'; export const a = () => b;"],
  ['no-missing-files', 'domain/a.ts', "import { x } from './gone.js'; export const y = x;"],
  ['no-development-packages-in-the-product', 'worker/a.ts', "import 'fast-check';"],
];

type Patterns = string | readonly string[] | undefined;
const listOf = (patterns: Patterns): readonly string[] =>
  typeof patterns === 'string' ? [patterns] : (patterns ?? []);
const matches = (patterns: Patterns, path: string) =>
  listOf(patterns).some((pattern) => new RegExp(pattern).test(path));

interface Rule {
  readonly name: string;
  readonly from: { readonly path?: Patterns; readonly pathNot?: Patterns };
  readonly to: {
    readonly path?: Patterns;
    readonly pathNot?: Patterns;
    readonly dependencyTypesNot?: readonly string[];
  };
}

function forbiddenRules(): readonly Rule[] {
  return (createRequire(import.meta.url)(rules) as { readonly forbidden: readonly Rule[] }).forbidden;
}

describe('the rules of who may import whom', () => {
  it('hold in the whole tree', async () => {
    assert.deepEqual(await violations(repositoryRoot), []);
  });

  it('allow no package, and no module of node, that nobody imports', async () => {
    const { modules } = await cruise(repositoryRoot);
    const unused = forbiddenRules().flatMap(({ name, from, to }) => {
      const imports = modules
        .filter(({ source }) => matches(from.path, source) && !matches(from.pathNot, source))
        .flatMap(({ dependencies }) => dependencies)
        .filter(({ dependencyTypes }) => !dependencyTypes.some((type) => to.dependencyTypesNot?.includes(type)));
      return listOf(to.pathNot)
        .filter((pattern) => /node_modules|node:/.test(pattern))
        .filter((pattern) => !imports.some(({ resolved }) => matches(pattern, resolved)))
        .map((pattern) => `${name}: ${pattern}`);
    });
    assert.deepEqual(unused, []);
    const ofFiles = forbiddenRules().find(({ name }) => name === 'files-are-for-storage');
    const exceptions = listOf(ofFiles?.from.pathNot).filter(
      (file) =>
        !modules.some(
          (m) => matches(file, m.source) && m.dependencies.some((d) => matches(ofFiles?.to.path, d.resolved)),
        ),
    );
    assert.deepEqual(exceptions, []);
  });

  it('are silent about imports that the rooms allow', async (test) => {
    const folder = await treeOf(test, {
      'domain/x.ts': 'export const x = 1; export type X = number;',
      'domain/plan/a.ts': "import type { X } from '../x.js'; export type Y = X;",
      'contracts/a.ts': "import type { X } from '../domain/x.js'; export type Y = X;",
      'learning/a.ts':
        "import tf from '@tensorflow/tfjs-node-gpu'; import { x } from '../domain/x.js'; export const y = [tf, x];",
      'activities/a.ts': "import type { X } from '../storage/x.js'; export type Y = X;",
      'storage/x.ts':
        "import sharp from 'sharp'; import { open } from 'node:fs/promises'; export const z = [sharp, open]; export type X = 1;",
      'domain/theory/prediction/x.ts': 'export const x = 1;',
      'domain/report/a.ts': "import { x } from '../theory/prediction/x.js'; export const y = x;",
      'cli/a.ts': "import { x } from '../domain/theory/analysis/x.js'; export const y = x;",
      'domain/theory/analysis/x.ts': "import 'd3-scale'; import 'd3-shape'; export * from '../prediction/x.js';",
      'worker/a.ts':
        "import * as a from '../learning/a.js'; import * as b from '@temporalio/worker'; export const c = [a, b];",
    });
    assert.deepEqual(await violations(folder), []);
  });

  it('fire on each import that they forbid', async (test) => {
    const files: Record<string, string> = {};
    const expected = wrong.map(([rule, from, text, to], index) => {
      const numbered = from.replace('/a.', `/a${String(index)}.`);
      files[numbered] = text.replace('./a.js', `./a${String(index)}.js`);
      if (to !== undefined) files[to] ??= 'export const x = 1; export type X = number;';
      if (rule === 'no-cycles')
        files['domain/b.ts'] = `import { a } from './a${String(index)}.js'; export const b = () => a;`;
      return `${rule}: ${numbered} → ${to ?? ''}`;
    });
    const found = await violations(await treeOf(test, files));
    const silent = expected.filter((start) => !found.some((line) => line.startsWith(start)));
    assert.deepEqual(silent, []);
  });
});
