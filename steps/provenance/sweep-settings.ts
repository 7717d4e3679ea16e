import type { SweepContent } from '../../storage/sweeps/sweep-content.js';

/** A sweep's settings for comparison with those of another: its config, with data sets by name instead of by place. */
export function sweepSettings({ config, importedFolds }: SweepContent): object {
  const dataSets = Object.fromEntries(config.dataSets.map(({ name, ...dataSet }) => [name, dataSet]));
  return { ...config, dataSets, ...(importedFolds !== null && { importedFolds }) };
}
