/**
 * The fault matrix: `npm run test:faults -- [--soak n] [--seed n] [--write] [words of a fault]…`. Disturbs a small sweep
 * in every way of `faults`, each in a data folder of its own, and with --soak at n calls that the seed chooses. Prints a
 * line for each; the exit code is 1 unless all held. --write puts the table into docs/faults.md.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { FaultBench } from './fault-bench.js';
import { randomFault } from './disk-faults.js';
import { faults } from './faults.js';
import type { Fault } from './moments.js';
import { harmOf, mutants } from './mutants.js';
import { writeTable, type Row } from './fault-table.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    soak: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean' },
  },
});

const root = await mkdtemp(join(tmpdir(), 'volbias-faults-'));
const rows: Row[] = [];
try {
  const bench = await FaultBench.open(root);
  const chosen = [...faults, ...(await soak(bench))].filter(
    ({ what, when }) => positionals.length === 0 || positionals.some((word) => `${what} ${when}`.includes(word)),
  );
  for (const [index, fault] of chosen.entries()) {
    const begun = performance.now();
    const held = await tried(bench, fault, `fault ${index}`);
    rows.push({ ...fault, held: held === undefined });
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    print(`${held === undefined ? 'held' : 'FAILED'}\t${seconds} s\t${fault.what}, ${fault.when}${held ?? ''}`);
  }
  if (positionals.length === 0 || positionals.includes('control')) {
    for (const mutant of mutants) {
      const harm = await harmOf(bench, mutant, root);
      const [reason = ''] = harm?.split('\n') ?? [];
      const result = harm === undefined ? 'FAILED: green' : 'red, as it must be';
      print(`${result}\twithout ${mutant.without}: ${reason}`);
      rows.push({ what: `control: without ${mutant.without}`, when: '', held: harm !== undefined, result });
    }
  }
} finally {
  await rm(root, { recursive: true, force: true });
}
print(`${rows.filter(({ held }) => held).length} of ${rows.length} held`);
if (rows.some(({ held }) => !held)) process.exitCode = 1;
if (values.write === true) await writeTable(rows);

async function soak(bench: FaultBench): Promise<Fault[]> {
  const [count, seed] = [Number(values.soak), Number(values.seed)];
  if (count === 0) return [];
  const calls = await bench.callsOfProcesses();
  return Array.from({ length: count }, (_, index) => randomFault(seed + index, calls));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function tried(bench: FaultBench, fault: Fault, name: string): Promise<string | undefined> {
  const sweep = bench.disturb(name);
  try {
    await fault.happen(sweep);
    await sweep.assertUndisturbed();
    return undefined;
  } catch (error) {
    return `\n${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await sweep.clear();
  }
}
