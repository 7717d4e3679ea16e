import { dirname, join } from 'node:path';

import type { Command } from 'commander';
import { z } from 'zod';

import { writtenConfigSchema } from '../../configs/config-schema.js';
import { writeFileAtomically } from '../../storage/files/atomic-file.js';
import { print, printJson } from '../terminal/table.js';

export function registerConfigCommand(program: Command): void {
  const config = program.command('config').summary('work with config files').description('Works with config files.');
  config
    .command('schema')
    .summary("print the config's JSON Schema")
    .description(
      'Prints the JSON Schema of config files. Editors use it to complete and check YAML, in which the first line is ' +
        '# yaml-language-server: $schema=./config.schema.json',
    )
    .option('--write [config]', 'write config.schema.json beside this config (default: in the current folder)')
    .addHelpText('after', '\nExamples:\n  volbias config schema\n  volbias config schema --write lesions.yaml')
    .action(async ({ write }: { write?: string | true }) => {
      const schema = z.toJSONSchema(writtenConfigSchema, { io: 'input' });
      if (write === undefined) {
        printJson(schema);
        return;
      }
      const file = join(write === true ? '.' : dirname(write), 'config.schema.json');
      await writeFileAtomically(file, `${JSON.stringify(schema, null, 2)}\n`);
      print(`${file} is written`);
    });
}
