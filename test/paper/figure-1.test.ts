import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { answerTheory } from '../../cli/theory/answer-theory.js';
import { switchProbabilityLimit } from '../../domain/theory/analysis/switch-probability.js';
import { figure1Csv, figure1Data } from '../../domain/theory/figures/figure-1-data.js';
import { theoryFlags } from '../support/theory/theory-flags.js';
import { symmetricRisk } from '../support/theory/symmetric-risk.js';

// Fig. 1: rows N = 1, 4, 16; columns 1-3 SD against p̂ for μ = 0.25, 1, 4 and five p_β; column 4 bias and error.

test('Fig. 1 has nine panels of five curves whose minima are the least of each curve', () => {
  const { panels, grid } = figure1Data(101);
  assert.equal(grid.length, 101);
  assert.deepEqual(
    panels.map(({ regions, volumeRatio }) => [regions, volumeRatio]),
    [1, 4, 16].flatMap((n) => [0.25, 1, 4].map((mu) => [n, mu])),
  );
  for (const { curves } of panels) {
    assert.deepEqual(
      curves.map(({ probability }) => probability),
      [0, 0.25, 0.5, 0.75, 1],
    );
    for (const { risks, minima } of curves) {
      assert.ok(minima.length > 0);
      for (const { risk } of minima) assert.ok(Math.abs(risk - Math.min(...risks)) < 1e-14);
      assert.ok(risks.every((risk) => risk >= 0 && risk <= 1));
    }
  }
});

test('only the curve of one region at one half has two minima', () => {
  for (const { regions, curves } of figure1Data(11).panels) {
    for (const { probability, minima } of curves) {
      assert.equal(minima.length, regions === 1 && probability === 0.5 ? 2 : 1);
    }
  }
});

test('all curves of one μ, whatever p and N, meet where soft Dice does not see the truth', () => {
  // (p̂ (μ − b) + (1 − p̂) b) / (2 + p̂ μ + b) is the same for each b where μ p̂² + 2 p̂ = 1: at the limit of p*.
  for (const mu of [0.25, 1, 4]) {
    const meeting = switchProbabilityLimit(mu);
    assert.ok(Math.abs(mu * meeting ** 2 + 2 * meeting - 1) < 1e-14);
    const risks = [1, 4, 16].flatMap((regions) =>
      [0, 0.25, 0.5, 0.75, 1].map((probability) =>
        symmetricRisk({ coreVolume: 1, uncertainVolume: mu, regions, probability }, meeting),
      ),
    );
    assert.ok(Math.max(...risks) - Math.min(...risks) < 1e-15);
  }
});

test('the CSV has one row a grid point and a column for each curve', () => {
  const data = figure1Data(11);
  const [head = '', ...rows] = figure1Csv(data).trimEnd().split('\n');
  assert.equal(rows.length, 11);
  const columns = head.split(',');
  assert.equal(columns.length, 1 + 9 * 7);
  const column = columns.indexOf('sd N=4 mu=4 p=0.25');
  assert.equal(Number(rows[10]?.split(',')[column]), Number(data.panels[5]?.curves[1]?.risks[10]?.toPrecision(10)));
});

test('Fig. 1 is written as SVG, PNG and CSV, the same bytes each time', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'volbias-figure-'));
  context.after(() => rm(folder, { recursive: true }));
  const draw = (name: string) => answerTheory({ ...theoryFlags, output: join(folder, name), points: '201' });
  const { json } = await draw('a');
  assert.deepEqual(
    (json as { files: string[] }).files,
    ['svg', 'png', 'csv'].map((ending) => join(folder, 'a', `figure-1.${ending}`)),
  );
  await draw('b');
  for (const ending of ['svg', 'png', 'csv']) {
    const [a, b] = await Promise.all(['a', 'b'].map((name) => readFile(join(folder, name, `figure-1.${ending}`))));
    assert.ok((a as Buffer).equals(b as Buffer), ending);
  }
  const svg = await readFile(join(folder, 'a', 'figure-1.svg'), 'utf8');
  for (const words of ['A: N = 1', 'C: N = 16', 'μ = 0.25', 'prediction p̂', 'probability p', 'risk SD']) {
    assert.ok(svg.includes(words), words);
  }
  // 45 curves, and a marked minimum on each (two on those of N = 1 at p = ½).
  assert.equal(svg.match(/stroke-opacity="0\.58"/g)?.length, 9);
});
