/**
 * The pipeline, declared once. `plan`, the workflows, keys, lineage and the README's diagram all derive from this table.
 *
 * `fanOut` names the coordinates of a step's units: a step runs once for each data set (`dataSet`), for each shard of a
 * data set's cases (`shard`), for each arm and fold (`armFold`), or once a sweep (`sweep`). A unit needs all units of
 * the steps named in `needs` that share its coordinates.
 *
 * `version` is part of every key of the step: raise it when the step's code gives other bytes for the same input.
 */
export const stepNames = [
  'scan',
  'preprocess',
  'statistics',
  'split',
  'train',
  'evaluate',
  'aggregate',
  'compare',
  'report',
] as const;

export type StepName = (typeof stepNames)[number];
export type FanOut = 'dataSet' | 'shard' | 'armFold' | 'sweep';
export type Queue = 'data' | 'training';

export interface StepDeclaration {
  readonly name: StepName;
  readonly version: number;
  readonly does: string;
  readonly needs: readonly StepName[];
  readonly fanOut: FanOut;
  readonly queue: Queue;
  /** Runs although units it needs have failed, with those that have not: gaps are marked, not hidden. */
  readonly toleratesGaps: boolean;
  /** Looks at the outside world, so it runs in every sweep and its result, not its key, decides what follows. */
  readonly always: boolean;
  readonly startToCloseHours: number;
  /** A unit that shows no progress for this long is taken for dead and tried again. */
  readonly heartbeatSeconds: number;
  /** Failures of a unit's own work, of a kind that may pass, before it is given up; a lost worker is no failure. */
  readonly attempts: number;
}

export const pipeline: readonly StepDeclaration[] = [
  {
    name: 'scan',
    version: 1,
    does: "finds each case's files and takes their digests",
    needs: [],
    fanOut: 'dataSet',
    queue: 'data',
    toleratesGaps: false,
    always: true,
    startToCloseHours: 24,
    heartbeatSeconds: 120,
    attempts: 3,
  },
  {
    name: 'preprocess',
    version: 3,
    does: 'resamples images and masks, cuts regions of interest, takes moments of intensities',
    needs: ['scan'],
    fanOut: 'shard',
    queue: 'data',
    toleratesGaps: false,
    always: false,
    startToCloseHours: 24,
    heartbeatSeconds: 300,
    attempts: 3,
  },
  {
    name: 'statistics',
    version: 1,
    does: "gathers the prepared cases, their intensity moments and their structures' volumes",
    needs: ['scan', 'preprocess'],
    fanOut: 'dataSet',
    queue: 'data',
    toleratesGaps: false,
    always: false,
    startToCloseHours: 1,
    heartbeatSeconds: 120,
    attempts: 3,
  },
  {
    name: 'split',
    version: 1,
    does: 'draws folds grouped by study participant',
    needs: ['statistics'],
    fanOut: 'dataSet',
    queue: 'data',
    toleratesGaps: false,
    always: false,
    startToCloseHours: 1,
    heartbeatSeconds: 120,
    attempts: 3,
  },
  {
    name: 'train',
    version: 2,
    does: 'trains one arm (model × loss) on one fold',
    needs: ['statistics', 'split'],
    fanOut: 'armFold',
    queue: 'training',
    toleratesGaps: false,
    always: false,
    startToCloseHours: 24 * 30,
    heartbeatSeconds: 300,
    attempts: 3,
  },
  {
    name: 'evaluate',
    version: 2,
    does: 'predicts the held-out fold and measures each case',
    needs: ['statistics', 'split', 'train'],
    fanOut: 'armFold',
    queue: 'training',
    toleratesGaps: false,
    always: false,
    startToCloseHours: 24,
    heartbeatSeconds: 300,
    attempts: 3,
  },
  {
    name: 'aggregate',
    version: 1,
    does: 'joins the rows of all cases, arms and folds',
    needs: ['evaluate'],
    fanOut: 'dataSet',
    queue: 'data',
    toleratesGaps: true,
    always: false,
    startToCloseHours: 1,
    heartbeatSeconds: 120,
    attempts: 3,
  },
  {
    name: 'compare',
    version: 1,
    does: 'tests differences by the paired bootstrap',
    needs: ['aggregate'],
    fanOut: 'dataSet',
    queue: 'data',
    toleratesGaps: false,
    always: false,
    startToCloseHours: 1,
    heartbeatSeconds: 120,
    attempts: 3,
  },
  {
    name: 'report',
    version: 1,
    does: 'writes Table 1 and the report',
    needs: ['statistics', 'aggregate', 'compare'],
    fanOut: 'sweep',
    queue: 'data',
    toleratesGaps: true,
    always: false,
    startToCloseHours: 1,
    heartbeatSeconds: 120,
    attempts: 3,
  },
];

export function declarationOf(step: StepName): StepDeclaration {
  const declaration = pipeline.find((candidate) => candidate.name === step);
  if (declaration === undefined) throw new Error(`no step named ${step}`);
  return declaration;
}
