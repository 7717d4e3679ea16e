/** How far a job has got; `loss` is the training loss of its latest step, `validationLoss` that of its latest epoch. */
export interface JobProgress {
  readonly unit: string;
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly loss?: number;
  readonly validationLoss?: number;
  /** The job has ended, successfully or not. */
  readonly ended?: true;
}
