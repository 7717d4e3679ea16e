import { z } from 'zod';

import { name } from './schema-parts.js';

/** Schema of what the structures of a data set are, and how masks are resampled. */

/** Which values of a mask file are a structure: one of these keys (cross-checks.ts). */
const labelRule = {
  greaterThan: z.number().optional().describe('Values of the mask file above it are the structure.'),
  equals: z.number().optional().describe('This value of the mask file is the structure.'),
  anyOf: z.array(z.number()).min(1).max(64).optional().describe('These values of the mask file are the structure.'),
};

export const labelRuleKeys = ['greaterThan', 'equals', 'anyOf'] as const satisfies readonly (keyof typeof labelRule)[];

export const labelSchema = z
  .strictObject({
    ...labelRule,
    greaterThan: labelRule.greaterThan.describe(
      'Values of the mask file above it are the structure. Default: 0; without any rule and `allowed`, masks must be ' +
        'binary, 0 and one other, positive value.',
    ),
    allowed: z
      .array(z.number())
      .min(1)
      .max(64)
      .optional()
      .describe('All values allowed in a mask file; any other value is an error. Default: any value.'),
    title: z
      .string()
      .min(1)
      .optional()
      .describe(
        'tufts only: the tooth that is the structure, from its outlines in teeth_polygon.json. Universal ' +
          'numbering: FDI 38 is 17. Default: all teeth, from teeth_mask/.',
      ),
    resampling: z
      .enum(['volumePreserving', 'linear', 'soft'])
      .default('volumePreserving')
      .describe(
        'How masks are resampled. volumePreserving: the voxels that the structure covers most, as many as keep its ' +
          "volume. linear: linear interpolation, structure from 0.5 on, as in the code of the paper's authors; it can " +
          'change a volume by several per cent. soft: the share of each voxel that the structure covers is the target.',
      ),
  })
  .default({ resampling: 'volumePreserving' })
  .describe(
    'Which values of the mask files are the structure (one of greaterThan, equals and anyOf), and how masks are resampled.',
  );

export const structuresSchema = z
  .record(
    name,
    z
      .strictObject(labelRule)
      .describe(
        'A structure, with one rule. NAME is yours: at most 63 lower-case letters, digits and hyphens, starting with a ' +
          'letter or digit.',
      ),
  )
  .describe(
    'Several structures of the same masks, each by its name and one rule, instead of a rule in label: ' +
      '{ tumour: { anyOf: [1, 4] }, oedema: { equals: 2 } }. Each becomes a data set of its own in all tables and ' +
      'outputs, named DATASET-STRUCTURE, with the other settings of this one. --path takes the name of this one.',
  );
