import type { z } from 'zod';

import { DomainError } from '../../domain/domain-error.js';

/** The value of a JSON text that volbias wrote. STORE_CORRUPT, naming `what`, if it does not match the schema. */
export function parsed<T>(schema: z.ZodType<T>, text: Uint8Array | string, what: string, remedy = ''): T {
  const value = jsonOf(text);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fault = value === undefined ? 'it is not JSON' : faultOf(result.error);
  throw new DomainError(
    'STORE_CORRUPT',
    `${what} is damaged, or was written by another version of volbias: ${fault}${remedy}`,
  );
}

/** The value itself, for writing. STORE_CORRUPT, naming `what`, if reading would refuse it. */
export function checked<T>(schema: z.ZodType<T>, value: T, what: string): T {
  const { success, error } = schema.safeParse(value);
  if (success) return value;
  throw new DomainError('STORE_CORRUPT', `${what} cannot be stored: ${faultOf(error)}`);
}

/** Where a value first departs from its schema, and how. */
export function faultOf({ issues: [first] }: z.ZodError): string {
  const { path, message } = first ?? { path: [], message: 'unexpected form' };
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

/** The value of a JSON text; undefined, which no schema accepts, if it is not JSON. */
export function jsonOf(text: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : Buffer.from(text).toString('utf8'));
  } catch {
    return undefined;
  }
}
