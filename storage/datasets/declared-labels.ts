import { z } from 'zod';

import type { DataSetConfig } from '../../configs/config-schema.js';
import { DataSetFolder } from './data-set-folder.js';
import { ruleText } from './findings/structure-fault.js';

const byName = z.record(z.string(), z.union([z.number().transform((value) => [value]), z.array(z.number())]));
/** The Decathlon's form, and that of nnU-Net v1: names by value. */
const byValue = z.record(z.string().regex(/^\d+$/), z.string());
const descriptionSchema = z.object({ labels: z.union([byName, byValue]) });

/** The values that dataset.json gives to labels, by name; undefined if it has no labels. */
export async function declaredLabels(root: string): Promise<Readonly<Record<string, readonly number[]>> | undefined> {
  const folder = await DataSetFolder.open(root);
  const { success, data } = descriptionSchema.safeParse(await folder.json('dataset.json'));
  if (!success) return undefined;
  const entries = Object.entries(data.labels);
  return Object.fromEntries(
    entries.map(([key, value]) => (typeof value === 'string' ? [value, [Number(key)]] : [key, value])),
  );
}

type LabelRule = Omit<DataSetConfig['label'], 'resampling'>;

/** Whether a rule of masks' values takes this one for structure. */
export function takes({ greaterThan = 0, equals, anyOf }: LabelRule, value: number): boolean {
  const selected = equals === undefined ? anyOf : [equals];
  return selected === undefined ? value > greaterThan : selected.includes(value);
}

/**
 * A warning that a rule asks for what dataset.json does not declare, so that it may select nothing: what the masks have only
 * their voxels tell. Undefined for other layouts.
 */
export async function undeclaredWarning(
  { kind, label }: Pick<DataSetConfig, 'kind'> & { readonly label: LabelRule },
  { root, structure }: { readonly root: string; readonly structure?: string | undefined },
): Promise<string | undefined> {
  const labels = kind === 'nnunet' || kind === 'decathlon' ? await declaredLabels(root) : undefined;
  if (labels === undefined) return undefined;
  const declared = [...new Set(Object.values(labels).flat())].sort((a, b) => a - b);
  const named = label.equals === undefined ? label.anyOf : [label.equals];
  const absent = (named ?? []).filter((value) => !declared.includes(value));
  const isVain = named === undefined ? !declared.some((value) => takes(label, value)) : absent.length > 0;
  if (!isVain) return undefined;
  const what =
    named === undefined ? 'selects none of the labels' : `names ${absent.join(', ')}, which is none of the labels`;
  const list = Object.entries(labels).map(([name, values]) => `${values.join(', ')} (${name})`);
  return `${ruleText(label, structure)} ${what} that dataset.json declares: ${list.join(', ')}`;
}
