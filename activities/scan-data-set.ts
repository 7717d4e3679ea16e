import { DomainError } from '../domain/domain-error.js';
import { scanCases } from '../storage/datasets/scan-cases.js';
import { writePhantom } from '../storage/datasets/write-phantom.js';
import type { StepOutput, StepWork } from './activity-context.js';

/** Draws the phantom where the config asks for one, then finds the data set's cases and their files' digests. */
export async function scanDataSet({
  context,
  content,
  record,
  request,
  unit,
  onProgress,
}: StepWork): Promise<StepOutput> {
  const name = request.coordinates.dataSet ?? '';
  const dataSet = content.config.dataSets.find((candidate) => candidate.name === name);
  const location = record.locations[name];
  if (dataSet === undefined || location === undefined) {
    throw new DomainError('ARGUMENT_INVALID', `the sweep has no data set "${name}"`);
  }
  if (dataSet.phantom !== undefined)
    await writePhantom(location.root, dataSet.phantom, { seed: content.config.seed, name });
  const scan = await scanCases(dataSet, location, context.fileDigests, (done, total) => {
    onProgress({ unit, phase: 'case', done, total });
  });
  if (scan === undefined) throw new DomainError('DATA_SET_INVALID', `${location.root} is not there`);
  await context.fileDigests.save();
  return { files: {}, summary: scan, caseCount: scan.cases.length };
}
