import { isGrpcServiceError } from '@temporalio/client';
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';

import { searchAttributes } from '../contracts/search-attributes.js';
import type { UnitCoordinates } from '../domain/plan/units.js';

const keyOf = <Name extends keyof typeof searchAttributes>(name: Name) =>
  defineSearchAttributeKey(name, searchAttributes[name]);

const keys = {
  step: keyOf('VolbiasStep'),
  model: keyOf('VolbiasModel'),
  loss: keyOf('VolbiasLoss'),
  fold: keyOf('VolbiasFold'),
  dataSet: keyOf('VolbiasDataSet'),
};

/** By which a unit is found. They are in clear: `dataSet` stands for its data set, and is not its name. */
export function searchAttributesOf(
  step: string,
  { model, loss, fold }: UnitCoordinates,
  dataSet: string | undefined,
): SearchAttributePair[] {
  return [
    { key: keys.step, value: step },
    ...(model === undefined ? [] : [{ key: keys.model, value: model }]),
    ...(loss === undefined ? [] : [{ key: keys.loss, value: loss }]),
    ...(fold === undefined ? [] : [{ key: keys.fold, value: fold }]),
    ...(dataSet === undefined ? [] : [{ key: keys.dataSet, value: dataSet }]),
  ];
}

/** Whether the server refuses to start a workflow because nobody has told it of our search attributes. */
export function isUnknownSearchAttribute(error: unknown): boolean {
  const cause = error instanceof Error && !isGrpcServiceError(error) ? error.cause : error;
  // The connection of a worker leaves `details` empty.
  return isGrpcServiceError(cause) && /search attribute/i.test(cause.message);
}
