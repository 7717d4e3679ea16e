import type { PaperDataSet } from './published.js';

interface Described {
  readonly name: string;
  readonly kind: string;
  readonly label: {
    readonly greaterThan?: number | undefined;
    readonly equals?: number | undefined;
    readonly anyOf?: readonly number[] | undefined;
  };
  readonly preprocessing: { readonly crop: readonly number[] };
}

/**
 * Which of the paper's data sets this is, by its layout and its structure, which is all that is above 0. Cases of BRATS 2018 are
 * named after that year. MOLARS is private: a folder of pictures is taken for it if the config names it so. Undefined for others.
 */
export function paperDataSetOf(
  { name, kind, label, preprocessing }: Described,
  cases: readonly { readonly id: string }[],
): PaperDataSet | undefined {
  const isWhole = (label.greaterThan ?? 0) === 0 && label.equals === undefined && label.anyOf === undefined;
  if (!isWhole) return undefined;
  if (kind === 'isles2017') return 'ISLES 2017';
  if (kind === 'isles2018') return 'ISLES 2018';
  if (kind === 'brats' && cases.some(({ id }) => id.includes('Brats18_'))) return 'BRATS 2018';
  const isPicture = kind === 'folder2d' && preprocessing.crop.length === 2;
  return isPicture && name.toLowerCase() === 'molars' ? 'MOLARS' : undefined;
}
