import { z } from 'zod';

import { structureNameOf } from '../configs/expand-structures.js';
import { DomainError } from '../domain/domain-error.js';
import { preparationLines } from '../storage/datasets/findings/case-warnings.js';
import {
  absentValues,
  extentOf,
  extentWarnings,
  isUniform,
  structureFault,
  type CaseExtent,
} from '../storage/datasets/findings/structure-fault.js';
import { filesOf } from '../storage/datasets/scan-cases.js';
import { caseQuality, moments, readPreparedSummary } from '../storage/cases/prepared-cases.js';
import { preparedCase, preprocess } from './preprocess.js';
import { scan } from './scan.js';
import { defineStep } from './step.js';

const caseStatistics = preparedCase.extend({ moments: z.array(moments), quality: caseQuality });

/** What is gathered of a case. */
export type CaseStatistics = Readonly<z.infer<typeof caseStatistics>>;

const summary = z.strictObject({
  cases: z.array(caseStatistics),
  /**
   * Faulty cases that the config leaves out, by id; absent if there are none. The reasons stay with the steps that found
   * them: trainings depend on this summary, and a reworded message must not run them again.
   */
  excluded: z.array(z.string()).exactOptional(),
});

/**
 * Gathers the prepared cases of all shards with what normalising, splitting and the report need of each. Refuses a data set
 * whose masks nowhere have the structure, or nothing else: networks would learn a constant.
 */
export const statistics = defineStep({
  name: 'statistics',
  version: 3,
  does: "gathers the prepared cases, their intensity moments and their structures' volumes",
  needs: [scan, preprocess],
  fanOut: 'dataSet',
  queue: 'data',
  startToCloseHours: 1,
  heartbeatSeconds: 120,
  settings: ({ dataSet: { label, name }, structuresOf }) => {
    const structure = structureNameOf(name, structuresOf?.[name]);
    return { label, ...(structure !== undefined && { structure }) };
  },
  summary,
  run: async ({ settings: { label, structure }, inputs, store, location, drawPhantom, onProgress, onRemark }) => {
    const scanned = (await inputs.one(scan)).summary;
    const shards = (await inputs.all(preprocess)).map((shard) => shard.summary);
    const cases: CaseStatistics[] = [];
    const extents = new Map<string, CaseExtent['extent']>();
    for (const prepared of shards.flatMap((shard) => shard.cases)) {
      const { moments: ofModalities, quality, original } = await readPreparedSummary(store, prepared.artifact);
      extents.set(prepared.id, extentOf(quality.structureVoxelsBefore, original.grid.shape));
      cases.push({ ...prepared, moments: ofModalities, quality });
    }
    cases.sort((a, b) => (a.id < b.id ? -1 : 1));
    const rejected = [scanned, ...shards].flatMap(({ excluded = [] }) => excluded);
    if (cases.length === 0) {
      const [first] = rejected;
      const reason = first === undefined ? '' : `; the first: case "${first.id}": ${first.reason}`;
      throw new DomainError(
        'DATA_SET_INVALID',
        `no case is left: ${rejected.length} faulty ones are excluded${reason}`,
      );
    }
    const used = scanned.cases.flatMap((own) => {
      const extent = extents.get(own.id);
      return extent === undefined ? [] : [{ files: filesOf(location, own), extent }];
    });
    if (isUniform(used)) {
      await drawPhantom();
      const onMask = (done: number, total: number): void => {
        onProgress({ phase: 'case', done, total });
      };
      const fault = await structureFault(used, label, onMask, structure);
      throw new DomainError('DATA_SET_INVALID', fault);
    }
    const masks = shards.map(({ structureValues = [] }) => ({ structureValues }));
    const lines = [
      ...[absentValues(label, masks, structure)].filter((text) => text !== undefined),
      ...preparationLines(cases, [
        ...[scanned, ...shards].flatMap(({ warnings = [] }) => warnings),
        ...[...extents].flatMap(([id, extent]) => extentWarnings(extent).map((warning) => ({ warning, cases: [id] }))),
      ]),
    ];
    for (const line of lines) onRemark?.(`warning: ${line}`);
    const excluded = rejected.map(({ id }) => id).sort();
    return { files: {}, summary: { cases, ...(excluded.length > 0 && { excluded }) } };
  },
});
