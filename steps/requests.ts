import { z } from 'zod';

import { name } from '../configs/schema-parts.js';
import type { StepRequest } from '../contracts/activities.js';
import type { StepDeclaration } from '../contracts/step-declaration.js';
import { digestPattern, sweepIdPattern } from '../contracts/patterns.js';
import { DomainError } from '../domain/domain-error.js';
import { artifactRef } from '../storage/store/artifact-store.js';
import { faultOf } from '../storage/files/parsed.js';
import { pipeline } from './pipeline.js';

const digest = z.string().regex(digestPattern, 'expected a SHA-256 in hexadecimal');
const index = z.int().nonnegative();
/** Of a model, a loss or a step. */
const word = z.string().regex(/^[\w.-]{1,100}$/, 'expected a name');
const unit = z.string().max(500);

const coordinates = z.strictObject({
  dataSet: name.exactOptional(),
  shard: index.exactOptional(),
  model: word.exactOptional(),
  loss: word.exactOptional(),
  fold: index.exactOptional(),
  repeat: index.exactOptional(),
});

const cause = z.strictObject({ unit, kind: word, message: z.string(), reason: digest.exactOptional() });

const stepRequest: z.ZodType<StepRequest> = z.strictObject({
  sweepId: z.string().regex(sweepIdPattern, 'expected the id of a sweep'),
  specification: digest,
  coordinates,
  key: digest,
  inputs: z.array(z.strictObject({ unit, ref: artifactRef })),
  gaps: z.array(z.strictObject({ unit, cause })),
});

/** The request that an activity received. ARGUMENT_INVALID for any other value: no path ever comes in by a request. */
export function requestOf(value: unknown): StepRequest {
  return inputOf(stepRequest, value, 'the request');
}

/** Of a step's declaration, what decides where and how long its unit runs; the rest is as the sweep's specification says. */
const stepDeclaration = z.looseObject({
  name: z.enum(pipeline.map((step) => step.name)),
  queue: z.enum(['data', 'training']),
  startToCloseHours: z.number().positive(),
  heartbeatSeconds: z.number().positive(),
});

/** The declaration of a step that the pipeline has. ARGUMENT_INVALID for any other value. */
export function declarationIn(value: StepDeclaration): StepDeclaration {
  inputOf(stepDeclaration, value, 'the declaration of the step');
  return value;
}

/** Keys to look up in the store; an empty one stands for work that is always done. ARGUMENT_INVALID for other values. */
export function keysOf(value: unknown): readonly string[] {
  return inputOf(z.array(z.union([z.literal(''), digest])), value, 'the keys');
}

/** The digest of a sweep's specification. ARGUMENT_INVALID for other values. */
export function specificationDigestOf(value: unknown): string {
  return inputOf(digest, value, 'the specification');
}

/** The id of a run of a workflow. ARGUMENT_INVALID for other values. */
export function runIdOf(value: unknown): string {
  return inputOf(z.string().regex(/^[\w-]{1,100}$/), value, 'the id of the run');
}

function inputOf<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw new DomainError('ARGUMENT_INVALID', `${what} has an unexpected form: ${faultOf(error)}`);
}
