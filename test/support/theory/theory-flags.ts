import type { TheoryFlags } from '../../../cli/theory/answer-theory.js';

/** The flags of `volbias theory` where none are given, but for fewer points. */
export const theoryFlags: TheoryFlags = {
  figure: 'paper',
  output: '.',
  points: '11',
  colours: 'paper',
  focal: '2',
  tversky: '0.3,0.7',
  smoothing: '1',
  weight: '0.5',
  batch: '4',
  seed: '0',
};
