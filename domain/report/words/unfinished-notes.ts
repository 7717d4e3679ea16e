import type { TrainingEnding } from '../../results/results-input.js';
import { counted } from './format-number.js';
import { modelLabel } from './labels.js';

/** A line on all trainings that might have improved with more epochs; none if there is none. */
export function unfinishedNote(endings: readonly TrainingEnding[]): string[] {
  const count = countOf(endings);
  if (count === 0) return [];
  return [
    `${shareOf(count, endings.length)} ended at training.maxEpochs while still improving: more epochs may change the means`,
  ];
}

/** The same for the model that judges a data set. */
export function unfinishedRemark(dataSet: string, model: string, endings: readonly TrainingEnding[]): string[] {
  const own = endings.filter((one) => one.dataSet === dataSet && one.model === model);
  const count = countOf(own);
  if (count === 0) return [];
  return [
    `${shareOf(count, own.length)} of ${modelLabel(model)} ended at the limit of epochs while still improving: more epochs may change these means.`,
  ];
}

function countOf(endings: readonly TrainingEnding[]): number {
  return endings.filter(({ isUnfinished }) => isUnfinished).length;
}

function shareOf(count: number, all: number): string {
  return count === all ? `all ${counted(all, 'training')}` : `${count} of ${counted(all, 'training')}`;
}
