/** How far a job is; `loss` is the training loss of the last step. */
export interface JobProgress {
  readonly unit: string;
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly loss?: number;
  /** The job is over, well or not. */
  readonly ended?: true;
}
