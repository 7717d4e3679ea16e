import type { Command } from 'commander';

import { formatShape } from '../../domain/image/grid.js';
import { counted } from '../../domain/report/words/format-number.js';
import { inspectFile, type FileDescription } from '../../storage/images/inspect-file.js';
import { printable } from '../terminal/printable.js';
import { print, printJson, textTable } from '../terminal/table.js';

export function registerInspectCommand(program: Command): void {
  program
    .command('inspect')
    .summary('show an image’s header and value statistics')
    .description(
      'Reads a whole NIfTI, NRRD, MetaImage, MGH, PNG, JPEG or TIFF file and prints its shape, spacing, voxel type, ' +
        'orientation, scaling, extensions and value statistics; for a mask, the volume of each value.',
    )
    .argument(
      '<file>',
      '.nii, .nii.gz, .hdr or .img of a pair, .nrrd, .nhdr, .mha, .mhd, .mgh, .mgz, .png, .jpg or .tif',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  volbias inspect case_1/lesion.nii.gz')
    .action(async (file: string, flags: { json?: true }) => {
      const description = await inspectFile(file);
      if (flags.json === true) printJson(description);
      else print(textTable([file, ''], rowsOf(description)));
    });
}

/** Rows of label and text. */
function rowsOf(description: FileDescription): [string, string][] {
  const { shape, spacingMm, affine, maskValues } = description;
  const [x = 1, y = 1, z = 1, channels] = shape;
  const text = (value: number | string | null): string => (value === null ? '—' : String(value));
  const short = (value: number | null): string => text(value === null ? null : Number(value.toPrecision(6)));
  const rounded = (values: readonly number[]): string => values.map((value) => Number(value.toFixed(4))).join(', ');
  return [
    ['shape', formatShape([x, y, z]) + (channels === undefined ? '' : `, ${channels} channels`)],
    ['spacing in mm', spacingMm === null ? 'none: a picture' : rounded(spacingMm)],
    ['voxel volume in mm³', short(description.voxelVolumeMm3)],
    ...shearRow(description),
    ['voxel type', description.dataType + (description.byteOrder === null ? '' : `, ${description.byteOrder} endian`)],
    ['orientation', text(description.orientation)],
    ['affine', affine.slice(0, 3).map(rounded).join('\n')],
    ['sform and qform code', `${text(description.sformCode)} and ${text(description.qformCode)}`],
    ...formsRow(description),
    ['scaling', `stored · ${description.slope} + ${description.intercept}`],
    ['min, max, mean', [description.min, description.max, description.mean].map(short).join(', ')],
    ['NaN, infinite', `${description.nan}, ${description.infinite}`],
    ...extensionRows(description),
    ...(maskValues ?? []).map(({ value, voxels, volumeMl }): [string, string] => [
      `value ${value}`,
      `${counted(voxels, 'voxel')}${volumeMl === null ? '' : `, ${Number(volumeMl.toPrecision(6))} ml`}`,
    ]),
  ];
}

/** Smaller angles are rounding in single-precision headers. */
const leastShearDegrees = 0.01;

function shearRow({ shearDegrees: degrees }: FileDescription): [string, string][] {
  if (degrees === null || degrees < leastShearDegrees) return [];
  return [['shear', `${degrees.toFixed(2)}°: the axes are not perpendicular`]];
}

function formsRow({ formsApartMm: apart, spacingMm }: FileDescription): [string, string][] {
  if (apart === null || spacingMm === null || apart <= Math.min(...spacingMm)) return [];
  return [['sform and qform', `contradict each other by ${Number(apart.toPrecision(3))} mm; the sform is used`]];
}

function extensionRows({ extensions, extensionsProblem }: FileDescription): [string, string][] {
  if (extensions.length === 0) return [['extensions', extensionsProblem ?? 'none']];
  const rows = extensions.map(({ code, name, sizeBytes, text }, index): [string, string] => [
    `extension ${index + 1}`,
    `code ${code}${name === undefined ? '' : ` (${name})`}, ${sizeBytes} bytes` +
      // Its lines and nothing else that would move the cursor.
      (text === undefined || text === '' ? '' : `\n${printable(text.replaceAll('\t', ' '))}`),
  ]);
  return extensionsProblem === undefined ? rows : [...rows, ['further extensions', extensionsProblem]];
}
