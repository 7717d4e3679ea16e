import { DomainError } from '../../domain/domain-error.js';
import type { LossSettings } from '../../domain/theory/analysis/losses/loss-settings.js';
import { assertRegions, type Region } from '../../domain/theory/analysis/region.js';
import { colourings, type Colouring } from '../../domain/theory/figures/palettes.js';

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Parses a finite decimal number; throws ARGUMENT_INVALID naming the argument. */
function parseNumber(text: string, argument: string): number {
  const value = numberPattern.test(text.trim()) ? Number(text) : NaN;
  if (Number.isFinite(value)) return value;
  throw new DomainError('ARGUMENT_INVALID', `${argument}: expected a finite number but found '${text}'`);
}

interface NumberRange {
  readonly least: number;
  readonly most?: number;
  readonly whole?: boolean;
}

/** Parses a number in a range, both ends included; throws ARGUMENT_INVALID naming the argument. */
export function parseNumberIn(text: string, argument: string, { least, most, whole = false }: NumberRange): number {
  const value = parseNumber(text, argument);
  if (value >= least && value <= (most ?? Infinity) && (!whole || Number.isSafeInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  const range = most === undefined ? `≥ ${least}` : `from ${least} to ${most}`;
  throw new DomainError('ARGUMENT_INVALID', `${argument}: expected ${kind} ${range} but found '${text}'`);
}

const regionForm = 'expected volume:probability or count*volume:probability, comma-separated';

/** Parses `100:0,16*0.25:0.3,1:1`: a background of 100, sixteen regions of 0.25 with p = 0.3, and a core of 1. */
export function parseRegions(text: string, argument = '--regions'): Region[] {
  const regions = text.split(',').map((part) => {
    const match = /^(?:([^*:]+)\*)?([^*:]+):([^*:]+)$/.exec(part.trim());
    if (match === null) throw new DomainError('ARGUMENT_INVALID', `${argument}: ${regionForm}, but found '${part}'`);
    const [, count, volume, probability] = match;
    return {
      count: count === undefined ? 1 : parseNumberIn(count, argument, { least: 1, most: 1_000_000, whole: true }),
      volume: parseNumber(volume ?? '', argument),
      probability: parseNumber(probability ?? '', argument),
    };
  });
  assertRegions(regions, argument);
  return regions;
}

/** The loss settings as typed on the command line. */
export interface LossFlags {
  readonly focal: string;
  readonly tversky: string;
  readonly smoothing: string;
  readonly weight: string;
  readonly batch: string;
}

/** Parses the loss settings; throws ARGUMENT_INVALID naming the flag that is out of range. */
export function parseLossSettings(flags: LossFlags): LossSettings {
  const [alpha, beta, ...more] = flags.tversky.split(',').map((part) => parseNumberIn(part, '--tversky', { least: 0 }));
  if (alpha === undefined || beta === undefined || more.length > 0 || alpha + beta === 0) {
    throw new DomainError('ARGUMENT_INVALID', `--tversky: expected α,β ≥ 0, not both 0, but found '${flags.tversky}'`);
  }
  return {
    focal: parseNumberIn(flags.focal, '--focal', { least: 0 }),
    tversky: [alpha, beta],
    smoothing: parseNumberIn(flags.smoothing, '--smoothing', { least: 0 }),
    softDiceWeight: parseNumberIn(flags.weight, '--weight', { least: 0, most: 1 }),
    batches: flags.batch
      .split(',')
      .map((part) => parseNumberIn(part, '--batch', { least: 1, most: 4096, whole: true })),
  };
}

/** Parses the name of a figure's colouring; throws ARGUMENT_INVALID for an unknown one. */
export function parseColouring(name: string): Colouring {
  const known = colourings.find((colouring) => colouring === name);
  if (known !== undefined) return known;
  const expected = colourings.join(', ');
  throw new DomainError('ARGUMENT_INVALID', `--colours: expected one of ${expected} but found '${name}'`);
}
