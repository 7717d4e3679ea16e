import { z } from 'zod';

/** Value types shared by several parts of the config. */

export const name = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'expected at most 63 lower-case letters, digits and hyphens, starting with a letter or digit',
  );
export const positive = z.number().positive();
export const nonNegative = z.number().nonnegative();
export const count = z.int().positive();
export const probability = z.number().min(0).max(1);
export const sizePerAxis = z.union([z.tuple([count, count]), z.tuple([count, count, count])], {
  error: 'expected a list of 2 or 3 whole numbers above 0, such as [108, 108]',
});
