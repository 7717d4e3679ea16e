import type { Command } from 'commander';

import { DomainError } from '../../domain/domain-error.js';
import { formatShape } from '../../domain/image/grid.js';
import type { LabelResampling } from '../../domain/preprocess/mask/resample-label.js';
import { defaultMaxVoxels } from '../../domain/preprocess/output-size.js';
import type { ResamplingConvention } from '../../domain/preprocess/resampled-axis.js';
import { resampleFile, type ResampledStructure, type ResampleRequest } from '../../storage/images/resample-file.js';
import { labelRuleOf, labelSyntax } from '../terminal/label-option.js';
import { print, warn } from '../terminal/table.js';

interface ResampleFlags {
  readonly spacing?: string;
  readonly like?: string;
  readonly mask?: true | string;
  readonly label?: string;
  readonly nonFinite: string;
  readonly nearest?: true;
  readonly convention: string;
  readonly antiAlias: string;
  readonly maxVoxels: string;
}

export function registerResampleCommand(program: Command): void {
  program
    .command('resample')
    .summary('resample an image or mask as the pipeline does')
    .description(
      'Resamples every channel of an image to cubic voxels, or to the grid of another image, with linear interpolation, ' +
        'or a binary mask so that it keeps its volume. Sheared axes stay sheared. Use --nearest for files with several labels, which must not be ' +
        'interpolated. The output is NIfTI, float32, or uint8 for a mask.',
    )
    .argument('<in>', '.nii, .nii.gz, .hdr or .img of a pair, .nrrd, .nhdr, .mha, .mhd, .mgh or .mgz')
    .argument('<out>', '.nii or .nii.gz; overwritten if it exists')
    .option('--spacing <mm>', 'voxel spacing of the output')
    .option('--like <image>', 'instead of a spacing: the grid of another image, by the headers and without smoothing')
    .option(
      '--mask [how]',
      `the file is a binary mask; how: ${labelResamplings.join(', ')} (default: volumePreserving)`,
    )
    .option('--label <values>', `the file is a mask, whose structure is these values: ${labelSyntax}`)
    .option('--non-finite <policy>', 'NaN and infinite voxels: error, or zero to make them 0', 'error')
    .option('--nearest', 'nearest-neighbour instead of linear interpolation')
    .option(
      '--convention <name>',
      'centred: fields of view share their centre; origin: first voxels do, as in ITK; scipyZoom: as SciPy’s zoom',
      'centred',
    )
    .option('--anti-alias <how>', 'smooth images before voxels become larger: gaussian, or none', 'gaussian')
    .option('--max-voxels <count>', 'limit on the voxels of the output', String(defaultMaxVoxels))
    .addHelpText(
      'after',
      '\nExamples:\n  volbias resample flair.nii.gz flair-2mm.nii.gz --spacing 2\n  volbias resample mask.nii.gz mask-on-flair.nii.gz --mask --like flair.nii.gz',
    )
    .action(async (input: string, output: string, flags: ResampleFlags) => {
      const { before, after, remarks, structure } = await resampleFile({
        ...{ input, output, settings: settingsOf(flags), mask: maskOf(flags) },
        ...(flags.label !== undefined && { rule: labelRuleOf(flags.label) }),
        nonFinite: policyOf(flags.nonFinite),
        maxVoxels: countOf(flags.maxVoxels),
      });
      for (const remark of remarks) warn(`${input}: ${remark}`);
      if (structure !== undefined && structure.outsideMl > 0) warn(`${input}: ${outsideText(structure)}`);
      print(
        `${formatShape(before.shape)} → ${formatShape(after.shape)} voxels of ${sizeOf(after.spacingMm)} mm: ${output}`,
      );
    });
}

function settingsOf(flags: ResampleFlags): ResampleRequest['settings'] {
  const { spacing, like } = flags;
  const nearest = flags.nearest === true;
  if (like !== undefined && spacing === undefined) return { like, nearest };
  if (spacing === undefined || like !== undefined) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      'expected either --spacing, such as --spacing 2, or --like with an image',
    );
  }
  const [resampling, antiAlias] = [conventionOf(flags.convention), smoothingOf(flags.antiAlias)];
  return { spacingMm: spacingOf(spacing), resampling, antiAlias, nearest };
}

function outsideText({ volumeMl, outsideMl }: ResampledStructure): string {
  const short = (value: number): string => String(Number(value.toPrecision(3)));
  const share = short((100 * outsideMl) / volumeMl);
  return `${share} % of the structure, ${short(outsideMl)} of ${short(volumeMl)} ml, lies outside the new grid`;
}

function spacingOf(text: string): number {
  const spacing = Number(text);
  if (text.trim() !== '' && spacing > 0 && spacing < Infinity) return spacing;
  throw new DomainError('ARGUMENT_INVALID', `--spacing is "${text}", expected a length in mm above 0, such as 2`);
}

const labelResamplings = ['volumePreserving', 'linear', 'soft'] as const satisfies readonly LabelResampling[];

function maskOf({ mask: flag, label }: ResampleFlags): LabelResampling | undefined {
  if (flag === undefined) return label === undefined ? undefined : 'volumePreserving';
  const found = flag === true ? 'volumePreserving' : labelResamplings.find((how) => how === flag);
  if (found !== undefined) return found;
  throw new DomainError('ARGUMENT_INVALID', `--mask is "${flag}", expected one of ${labelResamplings.join(', ')}`);
}

function policyOf(text: string): 'error' | 'zero' {
  if (text === 'error' || text === 'zero') return text;
  throw new DomainError('ARGUMENT_INVALID', `--non-finite is "${text}", expected error or zero`);
}

function countOf(text: string): number {
  const count = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(count) && count > 0) return count;
  throw new DomainError('ARGUMENT_INVALID', `--max-voxels is "${text}", expected a whole number above 0`);
}

const conventions = ['centred', 'origin', 'scipyZoom'] as const satisfies readonly ResamplingConvention[];

function conventionOf(text: string): ResamplingConvention {
  const found = conventions.find((name) => name === text);
  if (found !== undefined) return found;
  if (text === 'itk') {
    warn("--convention itk is now called centred; ITK's own convention is origin");
    return 'centred';
  }
  throw new DomainError('ARGUMENT_INVALID', `--convention is "${text}", expected ${conventions.join(', ')}`);
}

function smoothingOf(text: string): 'gaussian' | 'none' {
  if (text === 'gaussian' || text === 'none') return text;
  throw new DomainError('ARGUMENT_INVALID', `--anti-alias is "${text}", expected gaussian or none`);
}

function sizeOf(spacingMm: readonly number[]): string {
  return spacingMm.map((length) => Number(length.toFixed(4))).join('×');
}
