/**
 * `npm run bench`: a case of BRATS's size (four 240×240×155 int16 .nii.gz and a mask) read, resampled to 2 mm and stored,
 * against nibabel and SimpleITK on one thread (preprocess_case.py beside this file says how to install them). The two
 * take turns, each in processes of its own, and the ratio is of their medians: on a shared machine only that counts.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { niftiBytes } from '../support/images/nifti-bytes.js';
import { repositoryRoot } from '../support/paths.js';
import { bratsFiles, bratsGrid, bratsVoxels } from './brats-case.js';

export interface Measured {
  /** What the anchor ran on. */
  readonly versions?: string;
  readonly seconds: readonly number[];
  readonly peakMb: number;
  /** Of FLAIR inside the mask: both must find the same. */
  readonly mean: number;
  readonly deviation: number;
  /** Longest time in ms for which reading kept the event loop from anything else. */
  readonly blockedMs?: number;
}

const turns = 3;
const rounds = 3;

function writeCase(folder: string): void {
  for (const name of bratsFiles) {
    const file = niftiBytes(bratsGrid, 'int16', bratsVoxels(name, 1));
    writeFileSync(join(folder, `case_${name}.nii.gz`), gzipSync(Buffer.concat([file.header, file.voxels])));
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function measure(command: string, args: readonly string[]): Measured {
  return JSON.parse(execFileSync(command, [...args], { encoding: 'utf8' })) as Measured;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

function describe(name: string, runs: readonly Measured[]): { readonly seconds: number; readonly best: number } {
  const seconds = median(runs.flatMap((run) => run.seconds));
  const peak = Math.max(...runs.map(({ peakMb }) => peakMb));
  const blocked = Math.max(...runs.map(({ blockedMs }) => blockedMs ?? 0));
  const best = Math.min(...runs.flatMap((run) => run.seconds));
  const words = [`median ${seconds.toFixed(3)} s a case`, `best ${best.toFixed(3)} s`, `peak ${peak.toFixed(0)} MB`];
  if (blocked > 0) words.push(`reading blocks the event loop for at most ${blocked.toFixed(0)} ms`);
  print(`${name}: ${words.join(', ')}`);
  return { seconds, best };
}

function run(): void {
  const python = process.env.VOLBIAS_TEST_PYTHON ?? 'python3';
  const top = mkdtempSync(join(tmpdir(), 'volbias-bench-'));
  try {
    const [folder, stored] = [join(top, 'case'), join(top, 'anchor')];
    mkdirSync(folder);
    mkdirSync(stored);
    writeCase(folder);
    const own: Measured[] = [];
    const anchor: Measured[] = [];
    const ownScript = fileURLToPath(new URL('./preprocess-case-rounds.js', import.meta.url));
    const anchorScript = join(repositoryRoot, 'test', 'bench', 'preprocess_case.py');
    for (let turn = 0; turn < turns; turn++) {
      own.push(measure(process.execPath, [ownScript, folder, join(top, `own-${turn}`), String(rounds)]));
      try {
        anchor.push(measure(python, [anchorScript, folder, stored, String(rounds)]));
      } catch (error) {
        if (turn > 0) throw error;
        print(`no anchor: ${python} has no nibabel and SimpleITK; see test/bench/preprocess_case.py`);
        break;
      }
    }
    const { seconds, best } = describe('volbias', own);
    if (anchor.length === 0) return;
    const reference = describe(`one thread of ${anchor[0]?.versions ?? 'the anchor'}`, anchor);
    const ratio = (mine: number, other: number): string => (mine / other).toFixed(2);
    const found = `${ratio(seconds, reference.seconds)} of the medians, ${ratio(best, reference.best)} of the best`;
    print(`ratio: ${found}; wanted: at most 1.2, and 700 MB`);
    const [a, b] = [own[0], anchor[0]];
    const same = a !== undefined && b !== undefined && Math.abs(a.mean / b.mean - 1) < 1e-5;
    print(
      `FLAIR inside the mask: ${String(a?.mean)} ± ${String(a?.deviation)} and ${String(b?.mean)} ± ${String(b?.deviation)}`,
    );
    if (!same) throw new Error('the two did not do the same work');
  } finally {
    rmSync(top, { recursive: true });
  }
}

run();
