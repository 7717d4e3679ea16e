import type { ComparedDataSet, SweepComparison } from '../../domain/comparison/sweep-comparison.js';
import { metrics } from '../../domain/evaluate/metrics.js';
import { unitLabel } from '../../domain/evaluate/voxel-size.js';
import {
  counted,
  firstTen,
  formatInterval,
  formatNumber,
  formatP,
  formatSigned,
} from '../../domain/report/words/format-number.js';
import { gridLabel, lossShort, modelLabel } from '../../domain/report/words/labels.js';
import { enoughParticipants } from '../../domain/results/enough-participants.js';
import { textTable } from '../terminal/table.js';
import { changeLines } from './diff-text.js';

/** Two sweeps beside each other: in what they differ, then a table for each data set with what it is of. */
export function comparisonText({ a, b, grid, settings, code, dataSets, onlyA, onlyB }: SweepComparison): string {
  const changes = [...changeLines(settings), ...changeLines(code)];
  return [
    `A: ${a}`,
    `B: ${b}`,
    ...(changes.length === 0
      ? ['A and B have the same settings and code.']
      : ['They differ, from A to B, in:', ...changes.map((line) => `  ${line}`)]),
    ...(onlyA.length === 0 ? [] : [`only in A: ${firstTen(onlyA)}`]),
    ...(onlyB.length === 0 ? [] : [`only in B: ${firstTen(onlyB)}`]),
    ...(dataSets.length === 0 ? ['A and B have no data set of the same name: there is nothing to compare.'] : []),
    ...dataSets.flatMap((dataSet) => ['', ...dataSetLines(dataSet)]),
    ...(dataSets.length === 0
      ? []
      : [
          '',
          `Measured on the ${gridLabel(grid)}; intervals have a level of 95 %. p-values are not corrected for their number.`,
        ]),
  ].join('\n');
}

function dataSetLines(dataSet: ComparedDataSet): string[] {
  const { name, shared, onlyA, onlyB, otherTruth, otherReach, arms } = dataSet;
  const reasons = [
    ...(onlyA.length === 0 ? [] : [`only in A: ${firstTen(onlyA)}`]),
    ...(onlyB.length === 0 ? [] : [`only in B: ${firstTen(onlyB)}`]),
    ...(otherTruth.length === 0
      ? []
      : [
          `another true volume, because the masks, the structure that label chooses, or the grid differ: ${firstTen(
            otherTruth.map((one) => `${one.caseId} (${formatNumber(one.a)} → ${formatNumber(one.b)})`),
          )}`,
        ]),
  ];
  const others = onlyA.length + onlyB.length + otherTruth.length;
  const seen = `${counted(otherReach.length, 'shared case')} of which the networks of A and B could see other parts, so that ΔV is the error of other volumes: ${firstTen(otherReach)}`;
  return [
    `${name}: ${counted(shared.length, 'case')} shared, ${others} not${reasons.length === 0 ? '' : ':'}`,
    ...reasons.map((line) => `  ${line}`),
    ...(otherReach.length === 0 ? [] : [`  ${seen}`]),
    ...(shared.length === 0 || arms.length === 0 ? [] : [armsTable(dataSet)]),
    ...noteLines(dataSet),
  ];
}

function armsTable({ unit, arms }: ComparedDataSet): string {
  const head = [
    ...['arm', 'measure', 'A', 'B', 'B − A'],
    ...['conditional on these networks', 'including the training', 'cases'],
  ];
  const rows = arms.flatMap(({ model, loss, cases, measures }) =>
    measures.map(({ metric, a, b, difference, conditional, includingTraining }) => {
      const { label, better } = metrics[metric];
      return [
        `${modelLabel(model)} ${lossShort(loss)}`,
        better === 'zero' ? `${label} (${unitLabel(unit)})` : label,
        ...[formatNumber(a), formatNumber(b), formatSigned(difference)],
        testText(conditional),
        includingTraining === null ? 'not possible' : testText(includingTraining),
        String(cases),
      ];
    }),
  );
  return textTable(head, rows);
}

function testText({
  interval,
  pValue,
}: {
  readonly interval: readonly [number, number] | null;
  readonly pValue: number;
}): string {
  return interval === null ? formatP(pValue) : `${formatInterval(interval)}, ${formatP(pValue)}`;
}

/** Why tests are missing, and which say little. */
function noteLines({ arms }: ComparedDataSet): string[] {
  const reasons = [
    ...new Set(arms.flatMap(({ cases, withoutTraining }) => (cases > 0 ? (withoutTraining ?? []) : []))),
  ];
  const few = arms.flatMap(({ cases, participants }) =>
    cases > 0 && participants < enoughParticipants ? participants : [],
  );
  const empty = arms
    .filter(({ cases }) => cases === 0)
    .map(({ model, loss }) => `${modelLabel(model)} ${lossShort(loss)}`);
  return [
    ...reasons.map((reason) => `no test including the training: ${reason}`),
    ...(few.length === 0
      ? []
      : [
          `tests on fewer than ${enoughParticipants} participants are unreliable, and decide nothing: here are ${Math.min(...few)}`,
        ]),
    ...(empty.length === 0 ? [] : [`without shared cases that both have results of: ${firstTen(empty)}`]),
  ];
}
