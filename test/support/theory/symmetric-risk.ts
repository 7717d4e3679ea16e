import { symmetricSoftDiceRisks, type SymmetricCase } from '../../../domain/theory/prediction/symmetric-case.js';

/** Soft Dice's risk in the symmetric case at one prediction. */
export function symmetricRisk(symmetric: SymmetricCase, prediction: number): number {
  return symmetricSoftDiceRisks(symmetric, [prediction])[0] ?? NaN;
}
