import type { Command } from 'commander';

import { standaloneSvg } from '../../../domain/figures/figure.js';
import { lightPalette } from '../../../domain/figures/palette.js';
import { traceFigure } from '../../../domain/lineage/trace-figure.js';
import { writeFileAtomically } from '../../../storage/files/atomic-file.js';
import { traceSweep } from '../../../steps/provenance/trace/trace-sweep.js';
import { traceText } from '../../lineage/trace-text.js';
import { openProject } from '../../project.js';
import { dataDirOption, storeOption } from '../../terminal/options.js';
import { print, printJson } from '../../terminal/table.js';

export function registerTraceCommand(program: Command): void {
  program
    .command('trace')
    .summary('show where a number comes from')
    .description(
      'Traces a number of the tables, one of its cases, a file of the report or a unit back to the files of the data sets: ' +
        'predictions, networks, settings, machines, and what happened on the way. Needs no server. docs/lineage.md has more.',
    )
    .argument('<sweep>', 'sweep id, as "volbias status" lists it')
    .argument(
      '<what>',
      'DATASET.MODEL.LOSS.MEASURE, …MEASURE.CASE, DATASET.MODEL.LOSS.CASE, a file of the report, or a unit',
    )
    .option('--svg <file>', 'also draw it as a graph')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  volbias trace quickstart-0123456789 brain-high.unet.sd.volumeError\n' +
        '  volbias trace quickstart-0123456789 "train brain-high/unet/sd/fold-0" --svg training.svg',
    )
    .action(
      async (sweep: string, what: string, flags: { svg?: string; dataDir?: string; store?: string; json?: true }) => {
        const trace = await traceSweep(openProject(flags), sweep, what);
        if (flags.svg !== undefined) {
          await writeFileAtomically(flags.svg, standaloneSvg(traceFigure(trace), lightPalette));
        }
        if (flags.json) printJson(trace);
        else print(traceText(trace));
        if (flags.svg !== undefined && !flags.json) print(`Graph: ${flags.svg}`);
      },
    );
}
