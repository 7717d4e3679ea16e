import { DomainError } from '../../domain-error.js';
import type { LabelMap, StoredImage, StoredValues } from '../../image/grid.js';
import { asStored, maskOfValues, maskWhere } from './mask.js';

/** Selects the values of a mask file that belong to the structure: above a threshold, or one of several. */
export interface LabelRule {
  /** Values above this threshold; 0 without it and `anyOf`. */
  readonly greaterThan?: number | undefined;
  /** These values, instead of a threshold. */
  readonly anyOf?: readonly number[] | undefined;
  /** All values that may occur in the file; undefined: any. */
  readonly allowed?: readonly number[] | undefined;
}

/** Maximum number of values listed in an error message. */
const namedValues = 6;

/**
 * Extracts the structure from a mask file by the rule. Without a rule the file must be binary: 0 and at most one other,
 * positive value. Throws LABEL_INVALID, naming `source` and the values, for a non-binary mask without a rule and for
 * values that the rule does not allow.
 */
export function structureOf(
  image: StoredImage,
  { source, rule }: { readonly source: string; readonly rule?: LabelRule | undefined },
): LabelMap {
  if (rule === undefined) {
    const values = distinctValues(image.values);
    const others = values.filter((value) => value !== 0);
    if (others.length > 1 || others.some((value) => value < 0)) {
      throw new DomainError(
        'LABEL_INVALID',
        `${source}: contains the values ${listed(values)}, so it is not a binary mask; select the structure with the setting label (resample, evaluate: --label)`,
        { source },
      );
    }
    return maskWhere(image, 0);
  }
  if (rule.allowed !== undefined) {
    const allowed = new Set(rule.allowed.map((value) => asStored(value, image.values)));
    const strange = distinctValues(image.values).filter((value) => !allowed.has(value));
    if (strange.length > 0) {
      throw new DomainError(
        'LABEL_INVALID',
        `${source}: contains values that are not allowed: ${listed(strange)} (allowed: ${rule.allowed.join(', ')})`,
        { source },
      );
    }
  }
  return rule.anyOf === undefined ? maskWhere(image, rule.greaterThan ?? 0) : maskOfValues(image, rule.anyOf);
}

/** The values of a mask, for messages: `0, 1, 3`. */
export function valuesText(values: StoredValues): string {
  return listed(distinctValues(values));
}

/** In ascending order; stops after a hundred, more than any mask has. */
function distinctValues(values: StoredValues): number[] {
  const found = new Set<number>();
  let last = NaN;
  for (let i = 0; i < values.length && found.size < 100; i++) {
    const value = values[i] as number; // in range
    if (value === last) continue;
    found.add(value);
    last = value;
  }
  return [...found].sort((a, b) => a - b);
}

function listed(values: readonly number[]): string {
  const shown = values.slice(0, namedValues).map((value) => String(Number(value.toPrecision(7))));
  return values.length > namedValues ? `${shown.join(', ')}, …` : shown.join(', ');
}
