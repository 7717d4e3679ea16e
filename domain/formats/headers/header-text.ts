import { invalidHeader } from './image-header.js';

/** Text headers of NRRD and MetaImage files must end within this many bytes. */
export const longestTextHeader = 1 << 20;

/** One byte per character, so that positions in the text are positions in the file. */
export function headerText(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}

/**
 * The name of the file beside the header that contains the voxels, from a field of the header. Throws FILE_FORMAT_INVALID
 * for a path, and for a list or a pattern of several files.
 */
export function voxelFileIn(field: string, source: string): string {
  const several = /^LIST\b|%\d*d/i.test(field);
  if (several || /[/\\\0]/.test(field) || ['', '.', '..'].includes(field)) {
    throw invalidHeader(source, `its voxels are in ${shortened(field)}; expected one file in the same folder`);
  }
  return new TextDecoder().decode(Uint8Array.from(field, (character) => character.charCodeAt(0)));
}

/**
 * The fields of a text header by name. Throws FILE_FORMAT_INVALID for a field that is stated twice, as the two could
 * contradict each other.
 */
export class HeaderFields {
  private readonly values = new Map<string, string>();

  constructor(private readonly source: string) {}

  add(name: string, value: string): void {
    if (this.values.has(name)) throw invalidHeader(this.source, `its header states ${name} twice`);
    this.values.set(name, value.trim());
  }

  text(name: string): string | undefined {
    return this.values.get(name);
  }

  /** The field's text, or FILE_FORMAT_INVALID if it is missing. */
  required(name: string): string {
    const value = this.values.get(name);
    if (value === undefined) throw invalidHeader(this.source, `its header has no field "${name}"`);
    return value;
  }

  /** The field's numbers, separated by spaces; undefined if it is missing, FILE_FORMAT_INVALID unless `count` numbers. */
  numbers(name: string, count: number): number[] | undefined {
    const value = this.values.get(name);
    if (value === undefined) return undefined;
    const numbers = value.split(/\s+/).map(parseNumber);
    if (numbers.length !== count || numbers.includes(undefined)) {
      throw invalidHeader(this.source, `its "${name}" is "${shortened(value)}"; expected ${count} numbers`);
    }
    return numbers.map((number) => number ?? NaN);
  }
}

/** A decimal number, or NaN or an infinity spelled out; undefined for other text. */
export function parseNumber(text: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  return /^[+-]?(nan|inf|infinity)$/i.test(text) ? NaN : undefined;
}

/** Text from a file as quoted in a message: on one line, and not longer than one. */
export function shortened(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, '?');
  return printable.length > 60 ? `${printable.slice(0, 60)}…` : printable;
}
