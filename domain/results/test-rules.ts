/** Which of the two tests decides marks and verdicts. */
export type DecidingTest = 'conditional' | 'includingTraining';

/** How p-values become marks. */
export interface TestRules {
  readonly decides: DecidingTest;
  /** Of the tests of one volume error against 0, over all data sets, models and losses. */
  readonly correction: 'none' | 'holm';
  /** A test is significant if its p-value, or its adjusted p-value, is below this. */
  readonly significance: number;
}
