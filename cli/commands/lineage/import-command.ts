import type { Command } from 'commander';

import { counted } from '../../../domain/report/words/format-number.js';
import { importBundle } from '../../../storage/bundles/import-bundle.js';
import { writeLineageHead } from '../../../storage/sweeps/sweep-results.js';
import { takeProjectLock } from '../../engine/project-lock.js';
import { alone, openPrivateProject } from '../../project.js';
import { bundleProgress } from '../../terminal/bundle-progress.js';
import { dataDirOption } from '../../terminal/options.js';
import { print, printJson } from '../../terminal/table.js';

export function registerImportCommand(program: Command): void {
  program
    .command('import')
    .summary('bring a sweep from another data folder')
    .description(
      'Imports a sweep that "volbias export --bundle" has written: a run of its config finds every result cached. Checks every ' +
        'byte, record and key first; of a bundle that is not sound, nothing is imported. docs/lineage.md has more.',
    )
    .argument('<file>', 'a bundle, such as quickstart.tar.zst')
    .addOption(dataDirOption())
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  volbias import quickstart.tar.zst')
    .action(async (path: string, flags: { dataDir?: string; json?: true }) => {
      const project = openPrivateProject(alone(flags));
      const release = await takeProjectLock(project.folder);
      const progress = bundleProgress('checking');
      try {
        const imported = await importBundle(project, path, progress.show);
        const lineageHead = await writeLineageHead(project.folder, imported.sweep, project.lineage);
        progress.clear();
        if (flags.json) {
          printJson({ ...imported, lineageHead });
          return;
        }
        const { sweep, head, objects, records, report } = imported;
        print(`Imported ${sweep}: ${counted(objects, 'new object')}, ${counted(records, 'new record')}`);
        print(`The head of its log: ${head}`);
        if (report !== null) print(`Report: ${report}/report.html`);
        print(`Lineage: ${lineageHead}`);
      } finally {
        progress.clear();
        await release();
      }
    });
}
