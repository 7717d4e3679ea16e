import { DomainError } from '../domain-error.js';
import type { LabelMap, StoredImage, StoredValues } from '../image/grid.js';
import { maskWhere } from './mask.js';

/** Which values of a mask file are the structure. */
export interface LabelRule {
  /** Values above it. */
  readonly greaterThan: number;
  /** All values that may stand in the file at all; undefined: any. */
  readonly allowed?: readonly number[] | undefined;
}

/** As many values are named in an error. */
const namedValues = 6;

/**
 * The structure of a mask file by the rule. Without a rule the file must be binary: 0 and at most one other, positive
 * value. LABEL_INVALID, naming `source` and the values, for a mask that is not binary where there is no rule, and for
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
        `${source}: it holds the values ${listed(values)}, so it is no binary mask; say which are the structure (label)`,
        { source },
      );
    }
    return maskWhere(image, 0);
  }
  if (rule.allowed !== undefined) {
    const allowed = new Set(rule.allowed);
    const strange = distinctValues(image.values).filter((value) => !allowed.has(value));
    if (strange.length > 0) {
      throw new DomainError(
        'LABEL_INVALID',
        `${source}: it holds the values ${listed(strange)}; allowed are ${rule.allowed.join(', ')}`,
        { source },
      );
    }
  }
  return maskWhere(image, rule.greaterThan);
}

/** In ascending order; given up after a hundred, which no mask has. */
function distinctValues(values: StoredValues): number[] {
  const found = new Set<number>();
  let last = NaN;
  for (let i = 0; i < values.length && found.size < 100; i++) {
    const value = values[i] as number; // inside
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
