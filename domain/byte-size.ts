import { DomainError } from './domain-error.js';

const bytesIn: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Bytes of a size such as `20GiB`. ARGUMENT_INVALID, naming the setting, if it is none or less than a byte. */
export function bytesOf(setting: string, text: string): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?) ?([MGT]i?B)$/.exec(text) ?? [];
  const bytes = Math.floor(Number(count) * (bytesIn[unit] ?? NaN));
  if (bytes >= 1) return bytes;
  throw new DomainError('ARGUMENT_INVALID', `${setting} is "${text}", expected a size such as 500MB or 20GiB`);
}
