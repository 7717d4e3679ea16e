import type { Command } from 'commander';

import { describeInWords, inspectFile } from '../../storage/images/inspect-file.js';
import { print, printJson, textTable } from '../terminal/table.js';

export function registerInspectCommand(program: Command): void {
  program
    .command('inspect')
    .summary("show an image's header and value statistics")
    .description(
      'Reads a whole NIfTI, PNG or JPEG file and prints its shape, spacing, voxel type, position in space, scaling ' +
        'and value statistics; for masks, also each value with its volume.',
    )
    .argument('<file>', '.nii, .nii.gz, .hdr or .img of a pair, .png or .jpg')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  volbias inspect case_1/lesion.nii.gz')
    .action(async (file: string, flags: { json?: true }) => {
      const description = await inspectFile(file);
      if (flags.json === true) printJson(description);
      else print(textTable([file, ''], describeInWords(description)));
    });
}
