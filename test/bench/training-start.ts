/** Runs the smoke sweep and prints how long its trainings took from the start of their process to their first step. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'volbias-bench-'));
try {
  const hook = new URL('./first-step-hook.js', import.meta.url).href;
  const args = [path('../../cli/main.js'), 'run', path('../../../test/smoke.yaml'), '--data-dir', folder];
  const { status, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS: `--import ${hook}` },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the smoke sweep failed:\n${stderr}`);
  const times = readdirSync(join(folder, 'logs'))
    .flatMap((name) => /first step after (\d+) ms/.exec(readFileSync(join(folder, 'logs', name), 'utf8')) ?? [])
    .flatMap((text, index) => (index % 2 === 1 ? [Number(text)] : []))
    .sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  process.stdout.write(
    `${String(times.length)} trainings: median ${String(median)} ms, longest ${String(times.at(-1))} ms\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
