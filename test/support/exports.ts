import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { fixturesFolder } from './paths.js';
import { pythonWith } from './python.js';
import { filesBelow } from './sweeps/sweep-folders.js';

/** What test/fixtures/exports/check_mlflow.py prints. */
export interface MlflowAnswer {
  readonly experiment: string;
  readonly downloaded: string | null;
  readonly runs: readonly {
    readonly id: string;
    readonly name: string;
    readonly user: string;
    readonly status: string;
    readonly duration: number;
    readonly parent: string | null;
    readonly params: Readonly<Record<string, string>>;
    readonly metrics: Readonly<Record<string, number>>;
    readonly trainingLoss: readonly (readonly [number, number])[];
    readonly artifacts: readonly string[];
  }[];
}

/** Skips a check whose packages the machine lacks. */
export function needing(modules: readonly string[]): { readonly skip: string | false } {
  const missing = `no Python with ${modules.join(', ')} (VOLBIAS_TEST_PYTHON names one)`;
  return { skip: pythonWith(...modules) === undefined ? missing : false };
}

/** What a script of the fixtures prints; fails with it unless it ends well. */
export function check(script: string, ...[first, second, cwd]: (string | undefined)[]): string {
  const args = ['-B', join(fixturesFolder, 'exports', script), ...[first, second].filter((one) => one !== undefined)];
  const { status, stdout, stderr } = spawnSync(pythonWith('sys') ?? '', args, {
    encoding: 'utf8',
    ...(cwd !== undefined && { cwd }),
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
  return stdout;
}

/** Every file of an export by its path, with what an envelope contains. */
export async function textsOf(output: string): Promise<Map<string, string>> {
  const paths = await filesBelow(output);
  const texts = paths.map(async (path) => {
    const text = await readFile(path, 'utf8');
    const payload = path.endsWith('.intoto.jsonl') ? (JSON.parse(text) as { payload: string }).payload : '';
    return [relative(output, path), `${text}${Buffer.from(payload, 'base64').toString('utf8')}`] as const;
  });
  return new Map(await Promise.all(texts));
}

/** A text as JSON, CSV, HTML and URIs write it. */
export function formsOf(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const html = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  return [
    text,
    json,
    ascii,
    JSON.stringify(json).slice(1, -1),
    text.replaceAll('"', '""'),
    html,
    encodeURIComponent(text),
    encodeURI(text),
  ];
}
