import type { Command, Option } from 'commander';

import { sweepArguments } from '../terminal/sweep-arguments.js';

/** What may come next on a command line, and what a shell completes by itself: paths. */
export interface Completions {
  readonly words: readonly string[];
  /** The data folder whose sweeps are meant, `undefined` for the project's own; absent if no sweep is expected. */
  readonly sweepsOf?: { readonly dataDir: string | undefined };
}

/**
 * What may come in the place of the last word, by the words before it: verbs, options, and values that an option allows. The
 * words are those after `volbias`; the last is the one being written, perhaps empty.
 */
export function completionsOf(program: Command, words: readonly string[]): Completions {
  const written = words.at(-1) ?? '';
  const { command, rest } = commandIn(program, words.slice(0, -1));
  const before = rest.at(-1) ?? '';
  const option = optionNamed(command, before);
  if (option !== undefined && takesValue(option)) return starting(written, option.argChoices ?? []);
  if (written.startsWith('-')) return starting(written, optionsOf(command));
  if (command.commands.length > 0)
    return starting(
      written,
      visible(command).map((verb) => verb.name()),
    );
  const argument = command.registeredArguments[positionals(command, rest).length];
  if (argument === undefined || !sweepArguments.includes(argument.name()))
    return starting(written, argument?.argChoices ?? []);
  const at = rest.indexOf('--data-dir');
  return { words: [], sweepsOf: { dataDir: at < 0 ? undefined : rest[at + 1] } };
}

function starting(written: string, words: readonly string[]): Completions {
  return { words: words.filter((word) => word.startsWith(written)).sort() };
}

/** The verb, and its own words. */
function commandIn(program: Command, words: readonly string[]): { command: Command; rest: readonly string[] } {
  const [first] = words;
  const verb = first === undefined ? undefined : program.commands.find((one) => one.name() === first);
  return verb === undefined ? { command: program, rest: words } : commandIn(verb, words.slice(1));
}

function visible(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command);
}

function optionsOf(command: Command): string[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, short }) => long ?? short ?? []);
}

function optionNamed(command: Command, name: string): Option | undefined {
  return command.options.find(({ long, short }) => name === long || (name === short && name !== ''));
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

/** The words that are neither options nor their values. */
function positionals(command: Command, words: readonly string[]): string[] {
  return words.filter((word, at) => {
    const option = optionNamed(command, words[at - 1] ?? '');
    return !word.startsWith('-') && !(option !== undefined && takesValue(option));
  });
}
