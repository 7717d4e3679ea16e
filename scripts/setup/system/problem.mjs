/** A problem that the user can fix: printed as one message without a stack trace, exit code 1. */
export class SetupProblem extends Error {
  /**
   * @param {string} summary what is wrong, in one sentence
   * @param {string} advice what to do about it
   */
  constructor(summary, advice) {
    super(summary);
    this.name = 'SetupProblem';
    this.advice = advice;
  }
}
