/**
 * Runs Node's test runner on the compiled tests: `node scripts/run-tests.mjs [options of node --test] [part of a
 * path]…`. Node 20's --test takes no patterns, so this script collects the files. Arguments without a dash select the
 * files whose path contains one of them: `npm test -- domain/statistics`.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tests = join(root, 'dist', 'test');
const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith('-'));
const words = args.filter((arg) => !arg.startsWith('-'));

const files = readdirSync(tests, { recursive: true })
  .filter((name) => name.endsWith('.test.js'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .map((name) => relative(process.cwd(), join(tests, name)))
  .sort();

if (files.length === 0) {
  console.error(`no test file in ${tests} matches ${words.join(', ')}`);
  process.exitCode = 1;
} else {
  const command = ['--test', '--test-concurrency=2', '--test-reporter=spec', ...options, ...files];
  // The kernels that a run uses, on every processor (storage/machine/compute-environment.ts).
  const env = { ...process.env, TF_ENABLE_ONEDNN_OPTS: '1' };
  const child = spawn(process.execPath, command, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
