import type { NiftiDataType } from '../nifti-types.js';

/** NRRD's names of voxel types (teem's nrrd format, "type"), in lower case. */
export const nrrdTypes: Readonly<Record<string, NiftiDataType>> = {
  ...named('int8', 'signed char', 'int8', 'int8_t'),
  ...named('uint8', 'uchar', 'unsigned char', 'uint8', 'uint8_t'),
  ...named('int16', 'short', 'short int', 'signed short', 'signed short int', 'int16', 'int16_t'),
  ...named('uint16', 'ushort', 'unsigned short', 'unsigned short int', 'uint16', 'uint16_t'),
  ...named('int32', 'int', 'signed int', 'int32', 'int32_t'),
  ...named('uint32', 'uint', 'unsigned int', 'uint32', 'uint32_t'),
  ...named('int64', 'longlong', 'long long', 'long long int', 'signed long long', 'signed long long int', 'int64'),
  ...named('int64', 'int64_t'),
  ...named('uint64', 'ulonglong', 'unsigned long long', 'unsigned long long int', 'uint64', 'uint64_t'),
  float: 'float32',
  double: 'float64',
};

/** MetaImage's names of voxel types. A MET_LONG has 4 bytes on every platform. */
export const metaTypes: Readonly<Record<string, NiftiDataType>> = {
  MET_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  MET_LONG: 'int32',
  MET_ULONG: 'uint32',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};

/** FreeSurfer's numbers of voxel types (mri.h). */
export const mghTypes: Readonly<Record<number, NiftiDataType>> = {
  0: 'uint8',
  1: 'int32',
  3: 'float32',
  4: 'int16',
  10: 'uint16',
};

function named(type: NiftiDataType, ...names: readonly string[]): Record<string, NiftiDataType> {
  return Object.fromEntries(names.map((name) => [name, type]));
}
