import type { HistoryRow } from './training-progress.js';

/** A learning curve: a line for each epoch with its losses and its learning rate. */
export function curveCsv(history: readonly HistoryRow[]): string {
  const rows = history.map((row) => [row.epoch, row.trainingLoss, row.validationLoss, row.learningRate].join(','));
  return ['epoch,trainingLoss,validationLoss,learningRate', ...rows].map((line) => `${line}\n`).join('');
}
