/** A unit of the pipeline: its key identifies the work, its digest the bytes of the result. Both are SHA-256. */
export interface UnitOrigin {
  readonly unit: string;
  readonly key: string;
  readonly digest: string;
}

/** A training, and the evaluation that measured cases with its network. */
export interface TrainingOrigin {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  readonly fold: number;
  readonly repeat: number;
  readonly evaluation: UnitOrigin;
  /** The network is that of `bestEpoch`. */
  readonly training: UnitOrigin & { readonly bestEpoch: number };
}

/** The units that all arms of a data set share, and the number of its files. */
export interface DataSetOrigin {
  readonly name: string;
  readonly files: number;
  readonly units: readonly UnitOrigin[];
}

/** The work behind every number of a report. */
export interface Origins {
  /** The digest of the sweep's content: its config, and the folds that it imports. */
  readonly specification: string;
  readonly dataSets: readonly DataSetOrigin[];
  /** In the order of the plan. */
  readonly trainings: readonly TrainingOrigin[];
}
