import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Command } from 'commander';

import { registerTheoryCommand } from '../../../cli/commands/theory-command.js';
import { answerTheory, type TheoryFlags } from '../../../cli/theory/answer-theory.js';
import { parseRegions } from '../../../cli/theory/parse-arguments.js';
import { DomainError } from '../../../domain/domain-error.js';
import { diagonalAffine } from '../../../domain/image/affine.js';
import type { Triple } from '../../../domain/image/grid.js';
import { switchProbability } from '../../../domain/theory/analysis/switch-probability.js';
import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { theoryFlags } from '../../support/theory/theory-flags.js';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'volbias-theory-'));
});
after(() => rm(folder, { recursive: true }));

test('the symmetric case returns its four documented keys', async () => {
  const { json, text } = await answerTheory({ ...theoryFlags, n: '16', mu: '4', p: '0.4' });
  const answer = json as Record<string, number>;
  assert.equal(answer.switchProbability, switchProbability({ coreVolume: 1, uncertainVolume: 4, regions: 16 }));
  assert.equal(answer.optimalPrediction, 1);
  assert.ok(Math.abs((answer.volumeBias as number) - 2.4) < 1e-14);
  assert.ok((answer.risk as number) > 0.3 && (answer.risk as number) < 0.35);
  assert.match(text, /0\.321145/);
  assert.doesNotThrow(() => JSON.stringify(json));
});

test('given regions are printed with the volume, bias and Dice of each loss', async () => {
  const { text, json } = await answerTheory({ ...theoryFlags, regions: '100:0,4:0.3,1:1' });
  assert.match(text, /cross-entropy .*2\.2000 +│ 0 +│ 0 +│/);
  assert.match(text, /soft Dice .*0 0 1 .*1\.0000 .*-1\.2000 .*-54\.5 .*0\.8000/);
  assert.equal((json as { losses: unknown[] }).losses.length, 10);
});

test('regions are parsed with and without a count', () => {
  assert.deepEqual(parseRegions('100:0, 16*0.25:0.3,1e1:1'), [
    { count: 1, volume: 100, probability: 0 },
    { count: 16, volume: 0.25, probability: 0.3 },
    { count: 1, volume: 10, probability: 1 },
  ]);
});

async function writeMask(
  name: string,
  inside: readonly number[],
  shape: Triple = [4, 3, 2],
  shiftMm = 0,
): Promise<string> {
  const path = join(folder, name);
  const values = new Uint8Array(shape[0] * shape[1] * shape[2]);
  for (const i of inside) values[i] = 1;
  const [x, y, z] = diagonalAffine([2, 2, 2]);
  const affine = [[x[0], x[1], x[2], x[3] + shiftMm], y, z] as const;
  await writeFile(path, encodeNifti({ grid: { shape, spacingMm: [2, 2, 2], affine }, values }));
  return path;
}

test('experts’ masks give their agreement, volumes in ml and soft Dice’s bias', async () => {
  // Voxels of 8 mm³: A has voxels 0-3, B 2-5, C 2-3.
  const masks = [
    await writeMask('a.nii', [0, 1, 2, 3]),
    await writeMask('b.nii', [2, 3, 4, 5]),
    await writeMask('c.nii', [2, 3]),
  ];
  const { json, text } = await answerTheory({ ...theoryFlags, masks });
  const answer = json as {
    readonly unit: string;
    readonly volumes: number[];
    readonly expectedPairwiseDice: number;
    readonly uncertainVolume: number;
    readonly losses: {
      readonly loss: string;
      readonly ownPrediction: { readonly volumeBias: number; readonly predictedVolume: number };
    }[];
  };
  assert.equal(answer.unit, 'ml');
  answer.volumes.forEach((volume, i) => assert.ok(Math.abs(volume - ([0.032, 0.032, 0.016][i] as number)) < 1e-12));
  // Dice A-B 4/8, A-C 4/6, B-C 4/6.
  assert.ok(Math.abs(answer.expectedPairwiseDice - (0.5 + 4 / 6 + 4 / 6) / 3) < 1e-12);
  assert.ok(Math.abs(answer.uncertainVolume - 0.032) < 1e-12);
  const dice = answer.losses.find(({ loss }) => loss === 'softDice')?.ownPrediction;
  // Each uncertain voxel is in one mask of three: soft Dice keeps only voxels 2 and 3; the mean volume is 10/3 voxels.
  assert.ok(Math.abs((dice?.predictedVolume as number) - 0.016) < 1e-12);
  assert.ok(Math.abs((dice?.volumeBias as number) - (2 - 10 / 3) * 0.008) < 1e-12);
  assert.match(text, /expected pairwise Dice {2}0\.6111/);
  // (2 − 10/3) voxels of 0.008 ml, of a mean volume of 10/3 voxels: −40 %.
  assert.match(
    text,
    /^With cross-entropy, a perfect network would be right on average; with soft Dice, it would underestimate the volume by 0\.0107 ml \(40 %\)\.$/m,
  );
});

test('a file that is no mask is refused, with its values', async () => {
  const mask = await writeMask('g.nii', [0]);
  const path = join(folder, 'image.nii');
  const grid = { shape: [4, 3, 2], spacingMm: [2, 2, 2], affine: diagonalAffine([2, 2, 2]) } as const;
  for (const [values, named] of [
    [
      Uint8Array.from({ length: 24 }, (_, i) => i),
      /--masks: .*image\.nii has the values 0, 1, 2, 3, 4, …; expected a mask/,
    ],
    [Uint8Array.from({ length: 24 }, (_, i) => i % 3), /--masks: .*image\.nii has the values 0, 1, 2; expected a mask/],
    [
      Float32Array.from({ length: 24 }, (_, i) => -(i % 2)),
      /--masks: .*image\.nii has the values 0, -1; expected a mask/,
    ],
  ] as const) {
    await writeFile(path, encodeNifti({ grid, values }));
    await assert.rejects(answerTheory({ ...theoryFlags, masks: [mask, path] }), named);
  }
  const empty = await writeMask('h.nii', []);
  await assert.doesNotReject(answerTheory({ ...theoryFlags, masks: [mask, empty] }));
  await assert.rejects(answerTheory({ ...theoryFlags, masks: [empty, empty] }), /--masks: all masks are empty/);
});

test('a folder of masks is told how to name its files', async () => {
  await assert.rejects(
    answerTheory({ ...theoryFlags, masks: [folder] }),
    /--masks: expected two or more files but found 1, and .* is a folder; name its files, such as .*\/\*\.nii\.gz/,
  );
});

test('a large percentage is written out', async () => {
  // Without a core, any prediction is better than none: soft Dice predicts all 100 of an expected 30, which is 233 % too much.
  const { text } = await answerTheory({ ...theoryFlags, regions: '100*1:0.3' });
  assert.match(text, /with soft Dice, it would overestimate the volume by 70\.0 \(230 %\)\.$/m);
});

test('masks on different grids are refused, naming the file', async () => {
  const first = await writeMask('d.nii', [0]);
  const larger = await writeMask('e.nii', [0], [5, 3, 2]);
  const moved = await writeMask('f.nii', [0], [4, 3, 2], 3);
  await assert.rejects(answerTheory({ ...theoryFlags, masks: [first, larger] }), /--masks: .*e\.nii.*5×3×2.*4×3×2/);
  await assert.rejects(answerTheory({ ...theoryFlags, masks: [first, moved] }), /--masks: .*f\.nii.*another position/);
});

const refusals: readonly (readonly [Partial<TheoryFlags>, RegExp])[] = [
  [{ n: '0', mu: '1', p: '0.5' }, /^--n: /],
  [{ n: '2.5', mu: '1', p: '0.5' }, /^--n: /],
  [{ n: '4', mu: '-1', p: '0.5' }, /^--mu: /],
  [{ n: '4', mu: 'Infinity', p: '0.5' }, /^--mu: /],
  [{ n: '4', mu: '1e154', p: '0.4' }, /^--mu: expected a volume of 0 or from 1e-90 to 1e\+90/],
  [{ n: '4', mu: '1e-91', p: '0.4' }, /^--mu: /],
  [{ regions: '1e200:0.5,1e200:1' }, /^--regions: .*1e\+200/],
  [{ regions: '1e-310:0.5,1:1' }, /^--regions: .*1e-310/],
  [{ n: '4', mu: '1', p: '1.01' }, /^--p: /],
  [{ n: '4', mu: '1' }, /^--p: missing/],
  [{ regions: '1:1.5' }, /^--regions: .*probability/],
  [{ regions: '-1:0.5' }, /^--regions: .*volume/],
  [{ regions: '1e999:0.5' }, /^--regions: /],
  [{ regions: '0*1:0.5' }, /^--regions: /],
  [{ regions: '0:0.5' }, /^--regions: /],
  [{ regions: '1' }, /^--regions: /],
  [{ regions: '' }, /^--regions: /],
  [{ masks: ['one.nii'] }, /^--masks: /],
  [{ tversky: '0,0' }, /^--tversky: /],
  [{ tversky: '1' }, /^--tversky: /],
  [{ focal: '-1' }, /^--focal: /],
  [{ smoothing: 'x' }, /^--smoothing: /],
  [{ weight: '2' }, /^--weight: /],
  [{ batch: '0' }, /^--batch: /],
  [{ points: '1' }, /^--points: /],
  [{ colours: 'pink' }, /^--colours: /],
  [{ colours: 'constructor' }, /^--colours: /],
  [{ figure: '2' }, /^--figure: /],
  [{ seed: '-1' }, /^--seed: /],
  [{ n: '4', mu: '1', p: '0.5', regions: '1:0.5' }, /one at a time/],
];

for (const [flags, message] of refusals) {
  test(`${JSON.stringify(flags)} is refused in one line naming the argument`, async () => {
    await assert.rejects(answerTheory({ ...theoryFlags, ...flags }), (error: unknown) => {
      assert.ok(error instanceof DomainError);
      assert.equal(error.code, 'ARGUMENT_INVALID');
      assert.match(error.message, message);
      assert.ok(!error.message.includes('\n'));
      return true;
    });
  });
}

test('the verb reads its flags and prints JSON', async (context) => {
  const written: string[] = [];
  const write = context.mock.method(process.stdout, 'write', (text: string) => {
    written.push(text);
    return true;
  });
  const program = new Command().exitOverride();
  registerTheoryCommand(program);
  await program.parseAsync(['theory', '--n', '1', '--mu', '1', '--p', '0.75', '--json'], { from: 'user' });
  write.mock.restore();
  const answer = JSON.parse(written.join('')) as Record<string, number>;
  assert.equal(answer.optimalPrediction, 1);
  assert.equal(answer.volumeBias, 0.25);
});

test('without regions or masks, the figure is drawn and the switch probabilities are printed', async () => {
  const { text, json } = await answerTheory({ ...theoryFlags, output: join(folder, 'figure') });
  assert.match(text, /16 .*0\.4739 .*0\.4196 .*0\.3211/);
  assert.equal((json as { files: string[] }).files.length, 3);
});
