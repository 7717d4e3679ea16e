import { utf8ToBytes } from '@noble/hashes/utils';
import { DomainError } from '../domain-error.js';

/** One float32 array of a safetensors file, last axis fastest. */
export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface SafetensorsContent {
  readonly arrays: readonly NamedArray[];
  readonly metadata: Readonly<Record<string, string>>;
}

const lengthBytes = 8;
const floatBytes = 4;
const metadataKey = '__metadata__';

interface Entry {
  readonly dtype: 'F32';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function entriesOf(arrays: readonly NamedArray[]): [string, Entry][] {
  let offset = 0;
  return arrays.map(({ name, shape, values }) => {
    const begin = offset;
    offset += values.length * floatBytes;
    return [name, { dtype: 'F32', shape, data_offsets: [begin, offset] }];
  });
}

/**
 * Encodes float32 arrays as a safetensors file: the header's length as 8 little-endian bytes; the header as JSON,
 * padded with spaces to a multiple of 8 bytes; the arrays in the given order, little-endian. Equal content gives equal
 * bytes: metadata are sorted by the code units of their keys, and nothing depends on the time or the machine.
 */
export function encodeSafetensors({ arrays, metadata }: SafetensorsContent): Uint8Array {
  const sorted = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
  const json = JSON.stringify({ [metadataKey]: sorted, ...Object.fromEntries(entriesOf(arrays)) });
  const text = utf8ToBytes(json);
  const headerLength = Math.ceil(text.length / lengthBytes) * lengthBytes;
  const dataLength = arrays.reduce((sum, { values }) => sum + values.length * floatBytes, 0);
  const bytes = new Uint8Array(lengthBytes + headerLength + dataLength);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, lengthBytes, lengthBytes + headerLength);
  bytes.set(text, lengthBytes);
  let position = lengthBytes + headerLength;
  for (const { values } of arrays) {
    for (const value of values) {
      view.setFloat32(position, value, true);
      position += floatBytes;
    }
  }
  return bytes;
}

function refuse(reason: string): never {
  throw new DomainError('FILE_FORMAT_INVALID', `not a safetensors file of float32 arrays: ${reason}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function parseEntry(name: string, value: unknown): Entry {
  if (!isRecord(value)) refuse(`the entry of "${name}" is not an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (dtype !== 'F32') refuse(`"${name}" has dtype ${String(dtype)}`);
  if (!Array.isArray(shape) || !shape.every(isSize)) refuse(`"${name}" has no shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) refuse(`"${name}" has no offsets`);
  return { dtype, shape, data_offsets: [offsets[0] as number, offsets[1] as number] };
}

function parseHeader(bytes: Uint8Array): { readonly header: Record<string, unknown>; readonly dataStart: number } {
  if (bytes.length < lengthBytes) refuse('the file is shorter than its length field');
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const dataStart = lengthBytes + length;
  if (dataStart > bytes.length) refuse('the header ends beyond the file');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(lengthBytes, dataStart)));
  } catch {
    refuse('the header is not JSON');
  }
  return isRecord(header) ? { header, dataStart } : refuse('the header is not an object');
}

function parseMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value)) refuse('the metadata is not an object');
  return Object.fromEntries(
    Object.entries(value).map(([key, text]) =>
      typeof text === 'string' ? [key, text] : refuse(`metadata "${key}" is not text`),
    ),
  );
}

/**
 * Decodes a float32 safetensors file from any writer; returns the arrays in the order of their data. Throws
 * FILE_FORMAT_INVALID for malformed files, including those whose arrays overlap or leave gaps. The format forbids both,
 * and the check bounds the arrays' memory by the size of the file.
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsContent {
  const { header, dataStart } = parseHeader(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { [metadataKey]: metadata, ...rest } = header;
  const entries = Object.entries(rest)
    .map(([name, value]) => ({ name, ...parseEntry(name, value) }))
    .sort(({ data_offsets: [a, aEnd] }, { data_offsets: [b, bEnd] }) => a - b || aEnd - bEnd);
  let position = 0;
  const arrays = entries.map(({ name, shape, data_offsets: [begin, end] }) => {
    const length = shape.reduce((product, size) => product * size, 1);
    if (end - begin !== length * floatBytes || dataStart + end > bytes.length) refuse(`"${name}" has wrong offsets`);
    if (begin !== position) refuse(`"${name}" does not begin where the array before it ends`);
    position = end;
    const values = new Float32Array(length);
    for (let i = 0; i < length; i++) values[i] = view.getFloat32(dataStart + begin + i * floatBytes, true);
    return { name, shape, values };
  });
  if (dataStart + position !== bytes.length) refuse('its arrays do not fill it');
  return { arrays, metadata: parseMetadata(metadata) };
}
