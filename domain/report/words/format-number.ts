import { unitLabel, type VolumeUnit } from '../../evaluate/voxel-size.js';

/**
 * A number with the precision of the paper's Table 1: three decimals below 10, fewer above, with a true minus sign.
 * Below 0.001 a fourth decimal preserves a digit; values that round to zero are 0.000 without a sign, and 0 itself is
 * 0.
 */
export function formatNumber(value: number): string {
  return withDecimals(value, 1);
}

/** A value that a file has as 32-bit float, in the fewest digits that identify it: 76.245, not 76.24500274658203. */
export function shortFloat(value: number): string {
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return String(short);
  }
  return String(value);
}

/** A number for sentences and figures: one decimal fewer from 1 on. */
export function formatBrief(value: number): string {
  return withDecimals(value, Math.abs(value) >= 1 ? 0 : 1);
}

/** The brief number with a plus sign if the displayed value is above 0. */
export function formatSigned(value: number): string {
  const text = formatBrief(value);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** `extra` 1: three decimals below 10, two below 100, one below 1000. */
function withDecimals(value: number, extra: 0 | 1): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const base = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const decimals = size >= 1000 ? 0 : size >= 0.00005 && size < 0.001 ? 4 : base + extra;
  const digits = size.toFixed(decimals);
  return value < 0 && Number(digits) !== 0 ? `−${digits}` : digits;
}

/** A formatted number with its unit, for sentences: `2.31 ml`, `2.31 · 10² px`. */
export function withUnit(number: string, unit: VolumeUnit): string {
  return unit === 'ml' ? `${number} ml` : `${number} · ${unitLabel(unit)}`;
}

/** A percentage with its sign: no decimals from 10 % on, one below. */
export function formatSignedPercent(fraction: number): string {
  const size = Math.abs(fraction * 100);
  const digits = size.toFixed(size >= 10 ? 0 : 1);
  const sign = Number(digits) === 0 ? '' : fraction < 0 ? '−' : '+';
  return `${sign}${digits} %`;
}

/** `p = 0.62`, `p = 0.013` or `p < 0.001`. */
export function formatP(pValue: number): string {
  return pValue < 0.001 ? 'p < 0.001' : `p = ${pValue.toFixed(pValue < 0.1 ? 3 : 2)}`;
}

/** `−0.12 to +0.30`. */
export function formatInterval([low, high]: readonly [number, number]): string {
  return `${formatSigned(low)} to ${formatSigned(high)}`;
}

/** `1 case`, `2 cases`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

/** At most ten items: `a, b, c`, `a, …, j, and 2 more`. */
export function firstTen(items: readonly string[]): string {
  const more = items.length > 10 ? `, and ${items.length - 10} more` : '';
  return items.slice(0, 10).join(', ') + more;
}

/** 0.95 → `95`, 0.999 → `99.9`. */
export function percent(fraction: number): string {
  return String(Number((fraction * 100).toFixed(3)));
}

/** A text that begins a sentence. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
