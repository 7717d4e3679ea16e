import type { z } from 'zod';

import { DomainError } from '../../domain/domain-error.js';

/** The value of a JSON text that volbias wrote. STORE_CORRUPT, naming `what`, if it does not match the schema. */
export function parsed<T>(schema: z.ZodType<T>, text: Uint8Array | string, what: string, remedy = ''): T {
  const result = schema.safeParse(jsonOf(text));
  if (result.success) return result.data;
  const [first] = result.error.issues;
  const where = first === undefined ? '' : `: ${first.path.join('.')}: ${first.message}`;
  throw new DomainError(
    'STORE_CORRUPT',
    `${what} is damaged, or was written by another version of volbias${where}${remedy}`,
  );
}

function jsonOf(text: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : Buffer.from(text).toString('utf8'));
  } catch {
    return undefined;
  }
}
