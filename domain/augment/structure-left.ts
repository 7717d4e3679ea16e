import { countStructure } from '../preprocess/mask/mask.js';
import type { AugmentableCase } from './augment-case.js';

/** Below this share of the structure, a case counts as lost: the smallest usual scale, 0.85, leaves 0.61 of a volume. */
const leastShare = 0.5;

/** Above this share of lost cases, a training is warned of its augmentation. */
const mostLost = 0.05;

/** Counts in how many cases augmentation moves the structure out of the crop. */
export class StructureLeft {
  private cases = 0;
  private lost = 0;

  add(before: AugmentableCase, after: AugmentableCase): void {
    const whole = countStructure({ values: before.label });
    if (whole === 0) return;
    this.cases++;
    if (countStructure({ values: after.label }) < leastShare * whole) this.lost++;
  }

  /** What a user should know; undefined if few cases have lost their structure. */
  warning(): string | undefined {
    if (this.lost <= mostLost * this.cases) return undefined;
    return (
      `augmentation left less than half of the structure in ${this.lost} of ${this.cases} cases of an epoch: it moves the ` +
      'structure out of the crop. Lower training.augmentation.translationVoxels, or take a larger preprocessing.crop; ' +
      '"volbias augment --preview" shows it'
    );
  }
}
