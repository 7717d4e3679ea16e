import type { Command } from 'commander';
import { z } from 'zod';

import { writtenConfigSchema } from '../../configs/config-schema.js';
import { printJson } from '../terminal/table.js';

export function registerConfigCommand(program: Command): void {
  const config = program.command('config').summary('work with config files').description('Works with config files.');
  config
    .command('schema')
    .summary("print the config's JSON Schema")
    .description('Prints the JSON Schema of config files. Editors use it to complete and check YAML.')
    .addHelpText('after', '\nExample:\n  volbias config schema > configs/config.schema.json')
    .action(() => {
      printJson(z.toJSONSchema(writtenConfigSchema, { io: 'input' }));
    });
}
