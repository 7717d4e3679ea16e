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

import { diagonalAffine } from '../../domain/image/affine.js';
import { voxelCount, type Grid } from '../../domain/image/grid.js';
import { randomStream } from '../../domain/random/random-stream.js';
import { niftiBytes } from '../support/nifti-bytes.js';
import { repositoryRoot } from '../support/paths.js';

export interface Measured {
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
const grid: Grid = { shape: [240, 240, 155], spacingMm: [1, 1, 1], affine: diagonalAffine([1, 1, 1]) };

/** A noisy ball of "brain" on a background of 0, as skull-stripped MRI is, with a smaller ball as the structure. */
function writeCase(folder: string): void {
  const [sizeX, sizeY, sizeZ] = grid.shape;
  const random = randomStream(1, 'bench');
  const names = ['flair', 't1', 't1ce', 't2', 'seg'];
  for (const [modality, name] of names.entries()) {
    const values = new Int16Array(voxelCount(grid.shape));
    let at = 0;
    for (let z = 0; z < sizeZ; z++) {
      for (let y = 0; y < sizeY; y++) {
        for (let x = 0; x < sizeX; x++, at++) {
          const distance = Math.hypot((x - sizeX / 2) / 70, (y - sizeY / 2) / 85, (z - sizeZ / 2) / 65);
          if (distance > 1) continue;
          const structure = Math.hypot(x - 90, y - 120, z - 80) < 22;
          if (name === 'seg') values[at] = structure ? 1 + (x % 2) : 0;
          else
            values[at] = Math.round(
              200 + 100 * modality + 150 * (1 - distance) + (structure ? 120 : 0) + 40 * random.uniform(),
            );
        }
      }
    }
    const file = niftiBytes(grid, 'int16', values);
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
  const python = process.env.VOLBIAS_BENCH_PYTHON ?? 'python3';
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
    const reference = describe('nibabel and SimpleITK, one thread', anchor);
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
