import assert from 'node:assert/strict';
import { it } from 'node:test';
import { reportFiles } from '../../../domain/report/report-files.js';
import { syntheticReportInput, syntheticResultsInput } from '../report/synthetic-report-input.js';
import { row, tumourResults, tumours } from './tumours.js';

const volumes = [
  ['a', 70, 0, 70.5], // at the threshold, so not above it: raised
  ['b', 71, 0, 70], // lowered
  ['c', 71, 2, 70.5], // 69 could be predicted: raised
  ['d', 90, 0, 80],
  ['e', 10, 0, 20],
] as const;
const rows = volumes.map(([caseId, truthVolume, unpredictableVolume, predictedVolume]) =>
  row({ caseId, truthVolume, unpredictableVolume, predictedVolume }),
);

it('counts the cases that a volume error moves across a threshold, in ml alone', () => {
  const input = { rows, comparisons: [], thresholdsMl: [70, 100] };
  const [dataSet] = tumourResults(input).dataSets;
  assert.deepEqual(dataSet?.arms[0]?.crossings, [
    { thresholdMl: 70, truthAbove: 2, raised: 2, lowered: 1 },
    { thresholdMl: 100, truthAbove: 0, raised: 0, lowered: 0 },
  ]);
  const pixels = tumourResults({ ...input, dataSets: [{ ...tumours, unit: 'hundredPixels' }] });
  assert.deepEqual(pixels.dataSets[0]?.arms[0]?.crossings, []);
});

it('shows the counts only if thresholds are named', () => {
  const filesOf = (thresholdsMl: number[]): Readonly<Record<string, string>> =>
    reportFiles(syntheticReportInput(syntheticResultsInput(undefined, { thresholdsMl })));
  const [named, unnamed] = [filesOf([14, 20]), filesOf([])];
  assert.match(
    named['report.html'] ?? '',
    /Table 6\..*<th scope="col">14 ml<\/th><th scope="col">20 ml<\/th>.*\d+ ↑ \d+ ↓/s,
  );
  assert.match(named['table1.json'] ?? '', /"crossings":\[\{"lowered":\d+,"raised":\d+,"thresholdMl":14,/);
  assert.doesNotMatch(unnamed['report.html'] ?? '', /Table 6/);
  assert.doesNotMatch(unnamed['table1.json'] ?? '', /crossings/);
});
