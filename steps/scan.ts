import { z } from 'zod';

import { DomainError } from '../domain/domain-error.js';
import { scanCases, type Scan } from '../storage/datasets/scan-cases.js';
import { writePhantom } from '../storage/datasets/write-phantom.js';
import { FileDigests } from '../storage/files/file-digests.js';
import { defineStep } from './step.js';

const digested = { path: z.string(), digest: z.string() };
const file = { ...digested, companions: z.array(z.strictObject(digested)).exactOptional() };
export const rejectedCase = z.strictObject({ id: z.string(), reason: z.string() });
export const caseWarning = z.strictObject({ warning: z.string(), cases: z.array(z.string()) });

const summary: z.ZodType<Scan> = z.strictObject({
  cases: z.array(
    z.strictObject({
      id: z.string(),
      participant: z.string(),
      images: z.array(z.strictObject({ ...file, modality: z.string(), channel: z.int().exactOptional() })),
      label: z.strictObject(file),
      labelOutlines: z.array(z.array(z.tuple([z.number(), z.number()]))).exactOptional(),
    }),
  ),
  excluded: z.array(rejectedCase).exactOptional(),
  warnings: z.array(caseWarning).exactOptional(),
});

/** Draws the phantom where the config asks for one, then finds the data set's cases and their files' digests. */
export const scan = defineStep({
  name: 'scan',
  version: 5,
  does: "finds each case's files and takes their digests",
  needs: [],
  fanOut: 'dataSet',
  queue: 'data',
  always: true,
  startToCloseHours: 24,
  heartbeatSeconds: 120,
  // It has no input that would tell two data sets of one kind apart, so its name does.
  settings: ({ config, dataSet: { kind, modalities, name, label, images, masks, onInvalidCase, phantom } }) => ({
    ...{ kind, modalities, dataSet: name },
    ...(label.title !== undefined && { labelTitle: label.title }),
    ...(images !== undefined && { images }),
    ...(masks !== undefined && { masks }),
    ...(onInvalidCase === 'exclude' && { onInvalidCase }),
    ...(phantom !== undefined && { phantom, seed: config.seed }),
  }),
  summary,
  run: async ({ settings, folder, location, onProgress }) => {
    const { dataSet: name, labelTitle, onInvalidCase = 'stop', phantom, seed, ...others } = settings;
    if (phantom !== undefined && seed !== undefined) await writePhantom(location.root, phantom, { seed, name });
    const digests = new FileDigests(folder.fileDigests);
    const found = await scanCases(
      { ...others, label: { title: labelTitle }, onInvalidCase, phantom },
      location,
      digests,
      (done, total) => {
        onProgress({ phase: 'case', done, total });
      },
    );
    if (found === undefined) throw new DomainError('DATA_SET_INVALID', `${location.root} is not there`);
    await digests.save();
    return { files: {}, summary: found, caseCount: found.cases.length };
  },
});
