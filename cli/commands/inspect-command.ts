import type { Command } from 'commander';

import { describeInWords, inspectFile } from '../../storage/images/inspect-file.js';
import { print, printJson, textTable } from '../terminal/table.js';

export function registerInspectCommand(program: Command): void {
  program
    .command('inspect')
    .summary('what an image file says of itself, and what stands in it')
    .description(
      'Reads a NIfTI, PNG or JPEG file to its end and prints shape, spacing, voxel type, place in space, scaling and ' +
        'what its values are like; of masks each value with its volume.',
    )
    .argument('<file>', '.nii, .nii.gz, .hdr or .img of a pair, .png, .jpg')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  volbias inspect case_1/lesion.nii.gz')
    .action(async (file: string, flags: { json?: true }) => {
      const description = await inspectFile(file);
      if (flags.json === true) printJson(description);
      else print(textTable([file, ''], describeInWords(description)));
    });
}
