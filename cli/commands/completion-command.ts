import { Argument, type Command } from 'commander';

import { listSweeps } from '../../storage/sweeps/sweep-records.js';
import { completionsOf } from '../completion/completions.js';
import { completionScripts, type Shell } from '../completion/scripts.js';
import { alone, openProject } from '../project.js';
import { print } from '../terminal/table.js';

const example = `
Examples:
  volbias completion bash > ~/.local/share/bash-completion/completions/volbias
  volbias completion zsh > ~/.zfunc/_volbias    (with ~/.zfunc in fpath, before compinit)
  volbias completion fish > ~/.config/fish/completions/volbias.fish`;

export function registerCompletionCommand(program: Command): void {
  program
    .command('completion')
    .summary('complete verbs, options and sweeps in a shell')
    .description('Prints what makes a shell complete verbs, options and the ids of sweeps.')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(completionScripts)))
    .addHelpText('after', example)
    .action((shell: Shell) => {
      print(completionScripts[shell]);
    });
}

/** What the scripts ask for: prints what may come in the place of the last word, one a line. */
export async function printCompletions(program: Command, words: readonly string[]): Promise<void> {
  const { words: found, sweepsOf } = completionsOf(program, words);
  const written = words.at(-1) ?? '';
  const sweeps = sweepsOf === undefined ? [] : await listSweeps(openProject(alone(sweepsOf)).folder);
  const all = [...found, ...sweeps.filter((id) => id.startsWith(written))];
  if (all.length > 0) print(all.join('\n'));
}
