import type { Command } from 'commander';

import { DomainError } from '../../../domain/domain-error.js';
import type { Explanation } from '../../../domain/lineage/explanation.js';
import { parseUnitName } from '../../../domain/plan/unit-name.js';
import { unitId } from '../../../domain/plan/units.js';
import { explainSweep } from '../../../steps/planning/explain-sweep.js';
import { planSweep } from '../../../steps/planning/plan-sweep.js';
import { train } from '../../../steps/train.js';
import { readSweepContent } from '../../../storage/sweeps/sweep-content.js';
import { readSweepRecord } from '../../../storage/sweeps/sweep-records.js';
import { whyText } from '../../lineage/why-text.js';
import { openProject } from '../../project.js';
import { dataDirOption, storeOption } from '../../terminal/options.js';
import { print, printJson } from '../../terminal/table.js';

export function registerWhyCommand(program: Command): void {
  program
    .command('why')
    .summary('explain why a unit is computed or cached')
    .description(
      'Says whether a unit is cached, resumable, changed or new and, if it is computed again, what differs from the nearest ' +
        'earlier unit: settings, versions and inputs, with both values, and where the first difference comes from. ' +
        'Computes nothing and needs no server.',
    )
    .argument('<sweep>', 'sweep id, as "volbias status" lists it')
    .argument('<unit>', 'such as "evaluate lesions/unet/sd/fold-0", or lesions/unet/sd/0 for its training')
    .addOption(dataDirOption())
    .addOption(storeOption())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  volbias why quickstart-0123456789 brain-high/unet/sd/0')
    .action(async (sweep: string, unit: string, flags: { dataDir?: string; store?: string; json?: true }) => {
      const project = openProject(flags);
      const record = await readSweepRecord(project.folder, sweep);
      const content = await readSweepContent(project.store, record.specification);
      const explanations = await explainSweep(project.folder, await planSweep(project, content, record));
      const found = unitNamed(unit, explanations);
      if (flags.json) printJson(found);
      else print(whyText(found));
    });
}

function unitNamed(name: string, explanations: readonly Explanation[]): Explanation {
  const { step = train.name, coordinates } = parseUnitName(name) ?? { coordinates: undefined };
  const id = coordinates === undefined ? undefined : unitId(step, coordinates);
  const found = explanations.find(({ unit }) => unit === id);
  if (found !== undefined) return found;
  const units = explanations.map(({ unit }) => unit);
  const some = [...new Map(units.map((unit) => [unit.split(' ')[0], unit])).values()];
  throw new DomainError('ARGUMENT_INVALID', `the sweep has no unit "${name}"; it has ${some.join(', ')}, …`);
}
