import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { row, tumourResults } from './tumours.js';

const volumes = { a: 9, b: 2, c: 5, d: 5, e: 7, f: 1, g: 30 };

/** A row for each case; the error of each is its volume. */
const rowsOf = (loss: string, ids: readonly string[]): ReturnType<typeof row>[] =>
  Object.entries(volumes)
    .filter(([id]) => ids.includes(id))
    .map(([caseId, truthVolume]) => row({ loss, caseId, truthVolume, predictedVolume: 2 * truthVolume }));

describe('the terciles of true volume', () => {
  it('are of all measured cases, ties by id, and the same for arms that lack some', () => {
    const rows = [...rowsOf('ce', ['a', 'b', 'c', 'd', 'e']), ...rowsOf('sd', ['d', 'e', 'f', 'g'])];
    const [dataSet] = tumourResults({ rows, comparisons: [] }).dataSets;
    // 7 cases: bounds at round(7/3) = 2 and round(14/3) = 5.
    assert.deepEqual(dataSet?.terciles, [
      { caseIds: ['f', 'b'], lowest: 1, highest: 2 },
      { caseIds: ['c', 'd', 'e'], lowest: 5, highest: 7 },
      { caseIds: ['a', 'g'], lowest: 9, highest: 30 },
    ]);
    const [ce, sd, none] = dataSet.arms;
    assert.deepEqual(ce?.terciles, [
      { cases: 1, meanVolumeError: 2 },
      { cases: 3, meanVolumeError: (5 + 5 + 7) / 3 },
      { cases: 1, meanVolumeError: 9 },
    ]);
    assert.deepEqual(sd?.terciles[0], { cases: 1, meanVolumeError: 1 });
    assert.deepEqual(none?.terciles[0], { cases: 0, meanVolumeError: null });
  });

  it('leave out what no network could see, as ΔV does', () => {
    const rows = rowsOf('ce', Object.keys(volumes)).map((one) =>
      one.caseId === 'g' ? { ...one, unpredictableVolume: 29.5 } : one,
    );
    const [dataSet] = tumourResults({ rows, comparisons: [] }).dataSets;
    assert.deepEqual(dataSet?.terciles[0], { caseIds: ['g', 'f'], lowest: 0.5, highest: 1 });
  });

  it('are empty without cases', () => {
    const [dataSet] = tumourResults({ rows: [], comparisons: [] }).dataSets;
    const empty = { caseIds: [], lowest: null, highest: null };
    assert.deepEqual(dataSet?.terciles, [empty, empty, empty]);
  });

  it('compare masks, and what networks could predict, where a loss yields no probabilities', () => {
    const hinge = row({ loss: 'lovaszHinge', truthVolume: 10, unpredictableVolume: 4, predictedVolumeThresholded: 7 });
    const results = tumourResults({ rows: [hinge], losses: ['lovaszHinge'], comparisons: [] });
    assert.deepEqual(results.dataSets[0]?.arms[0]?.terciles[2], { cases: 0, meanVolumeError: null });
    assert.deepEqual(results.dataSets[0].arms[0].terciles.find(({ cases }) => cases === 1)?.meanVolumeError, 1);
  });
});
