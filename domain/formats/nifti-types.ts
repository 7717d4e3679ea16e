interface TypeFacts {
  readonly code: number;
  readonly bytes: 1 | 2 | 4 | 8;
}

/** The supported voxel types, by nibabel's names; complex, colour and 128-bit types are refused. */
export const niftiTypeFacts = {
  uint8: { code: 2, bytes: 1 },
  int16: { code: 4, bytes: 2 },
  int32: { code: 8, bytes: 4 },
  float32: { code: 16, bytes: 4 },
  float64: { code: 64, bytes: 8 },
  int8: { code: 256, bytes: 1 },
  uint16: { code: 512, bytes: 2 },
  uint32: { code: 768, bytes: 4 },
  int64: { code: 1024, bytes: 8 },
  uint64: { code: 1280, bytes: 8 },
} as const satisfies Readonly<Record<string, TypeFacts>>;

export type NiftiDataType = keyof typeof niftiTypeFacts;

const dataTypes = Object.keys(niftiTypeFacts) as NiftiDataType[];

const refusedTypes: Readonly<Record<number, string>> = {
  0: 'unknown',
  1: 'binary (1 bit)',
  32: 'complex64',
  128: 'RGB24',
  1536: 'float128',
  1792: 'complex128',
  2048: 'complex256',
  2304: 'RGBA32',
};

export function niftiTypeOfCode(code: number): NiftiDataType | undefined {
  return dataTypes.find((type) => niftiTypeFacts[type].code === code);
}

/** Name of an unsupported voxel type, for messages. */
export function refusedTypeName(code: number): string {
  return refusedTypes[code] ?? 'not in the standard';
}
