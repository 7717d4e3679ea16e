import type { Command } from 'commander';

import { DomainError } from '../../domain/domain-error.js';
import { formatShape } from '../../domain/image/grid.js';
import type { ResamplingConvention } from '../../domain/preprocess/resampled-axis.js';
import { resampleFile } from '../../storage/images/resample-file.js';
import { print } from '../terminal/table.js';

interface ResampleFlags {
  readonly spacing: string;
  readonly mask?: true;
  readonly nearest?: true;
  readonly convention: string;
}

export function registerResampleCommand(program: Command): void {
  program
    .command('resample')
    .summary('resample an image or mask as the pipeline does')
    .description(
      'Resamples every channel of an image to cubic voxels with linear interpolation. Masks are interpolated too and ' +
        'thresholded at 0.5. Use --nearest for files with several labels, which must not be interpolated. The output is ' +
        'NIfTI, float32, or uint8 for a mask.',
    )
    .argument('<in>', '.nii, .nii.gz, .hdr or .img of a pair, .nrrd, .mha, .mgh or .mgz')
    .argument('<out>', '.nii or .nii.gz; overwritten if it exists')
    .requiredOption('--spacing <mm>', 'voxel spacing of the output')
    .option('--mask', 'the file is a binary mask')
    .option('--nearest', 'nearest-neighbour instead of linear interpolation')
    .option('--convention <name>', 'itk: fields of view share their centre; scipyZoom: as SciPy’s zoom', 'itk')
    .addHelpText('after', '\nExample:\n  volbias resample flair.nii.gz flair-2mm.nii.gz --spacing 2')
    .action(async (input: string, output: string, flags: ResampleFlags) => {
      const settings = {
        spacingMm: spacingOf(flags.spacing),
        resampling: conventionOf(flags.convention),
        nearest: flags.nearest === true,
      };
      const { before, after } = await resampleFile({ input, output, settings, mask: flags.mask === true });
      print(
        `${formatShape(before.shape)} → ${formatShape(after.shape)} voxels of ${sizeOf(after.spacingMm)} mm: ${output}`,
      );
    });
}

function spacingOf(text: string): number {
  const spacing = Number(text);
  if (text.trim() !== '' && spacing > 0 && spacing < Infinity) return spacing;
  throw new DomainError('ARGUMENT_INVALID', `--spacing is "${text}", expected a length in mm above 0, such as 2`);
}

function conventionOf(text: string): ResamplingConvention {
  if (text === 'itk' || text === 'scipyZoom') return text;
  throw new DomainError('ARGUMENT_INVALID', `--convention is "${text}", expected itk or scipyZoom`);
}

function sizeOf(spacingMm: readonly number[]): string {
  return spacingMm.map((length) => Number(length.toFixed(4))).join('×');
}
