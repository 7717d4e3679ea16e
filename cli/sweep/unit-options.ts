import { Option, type Command } from 'commander';

import { DomainError } from '../../domain/domain-error.js';
import { parseFilter, selectionNamed, type UnitSelection } from '../../domain/plan/unit-selection.js';

export interface UnitFlags {
  readonly unit?: readonly UnitSelection[];
  readonly filter?: readonly UnitSelection[];
}

/** Adds `--unit` and `--filter`, which choose units of a sweep. */
export function withUnitOptions(command: Command): Command {
  const name =
    'a unit, such as "evaluate lesions/unet/sd/fold-3", or lesions/unet/sd/3 for one fold of an arm; repeatable';
  const filter = 'all units with these values, such as model=unet,fold=3; repeatable';
  return command
    .addOption(new Option('--unit <unit>', name).argParser(collecting(parseUnit)))
    .addOption(new Option('--filter <key=value,…>', filter).argParser(collecting(parseFilter)));
}

/** What the options choose; empty if neither was given. */
export function selectionsOf({ unit = [], filter = [] }: UnitFlags): readonly UnitSelection[] {
  return [...unit, ...filter];
}

function parseUnit(name: string): UnitSelection {
  const selection = selectionNamed(name);
  if (selection !== undefined) return selection;
  const expected = 'expected a name such as "train lesions/unet/sd/fold-3" or lesions/unet/sd/3';
  throw new DomainError('ARGUMENT_INVALID', `--unit is "${name}", ${expected}`);
}

function collecting(
  parse: (text: string) => UnitSelection,
): (text: string, before?: readonly UnitSelection[]) => readonly UnitSelection[] {
  return (text, before = []) => [...before, parse(text)];
}
