import { z } from 'zod';

import { configSchema, writtenConfigSchema, type Config } from '../../../configs/config-schema.js';

/** A config that says something for every setting there is, so that each of them can be changed. */
export const eloquent = configSchema.parse({
  ...{ $schema: 'config.schema.json', name: 'eloquent', seed: 1 },
  dataSets: [
    {
      ...{ name: 'drawn', kind: 'folder2d', modalities: ['grey'] },
      phantom: {
        dimensions: 2,
        cases: 6,
        shape: [54, 54],
        coreRadius: 5,
        regions: 2,
        regionRadius: 3,
        probability: 0.6,
      },
      preprocessing: { roi: { sizePixels: 54, downsample: 2 }, crop: [27, 27] },
    },
    {
      ...{ name: 'found', kind: 'tufts', path: 'found', participants: 'found.csv', modalities: ['panoramic'] },
      label: { greaterThan: 0, allowed: [0, 1], title: '17' },
      preprocessing: { mask: { modality: 'panoramic', greaterThan: 0 }, crop: [27, 27] },
    },
  ],
  arms: { models: ['lr', 'convnet', 'unet'], losses: ['ce', 'sd'] },
  training: { repeats: 2, augmentation: { elastic: {} } },
});

export type Path = readonly (string | number)[];

/** Every setting of a config that is a single value, by its path. */
export function settingsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [path];
  return Object.entries(value).flatMap(([key, inner]) => settingsIn(inner, [...path, key]));
}

/** The config with another, valid value for one setting. */
export function withOther(config: Config, path: Path): Config {
  const copy = structuredClone(config);
  const parent = path.slice(0, -1).reduce<unknown>((value, key) => field(value, key), copy);
  const last = path.at(-1) ?? '';
  const schema = z.toJSONSchema(writtenConfigSchema, { io: 'input' }) as SchemaNode;
  Reflect.set(parent as object, last, otherThan(field(parent, last), choicesAt(schema, path)));
  return copy;
}

/** A config that notes every single value that is read of it. */
export function recordingReads<T>(value: T, read: (path: string) => void, path: Path = []): T {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get: (target, key): unknown => {
      const inner: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol' || typeof inner === 'function') return inner;
      if (typeof inner !== 'object' || inner === null) read([...path, key].join('.'));
      return recordingReads(inner, read, [...path, key]);
    },
  });
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly prefixItems?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

function field(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** The values that the schema lists for a setting; none where it is free. */
function choicesAt(schema: SchemaNode, path: Path): readonly unknown[] {
  const found = path.reduce<readonly SchemaNode[]>(
    (nodes, key) => nodes.flatMap((node) => childrenOf(node, String(key))),
    branchesOf(schema),
  );
  return found.flatMap((node) => [...(node.enum ?? []), ...('const' in node ? [node.const] : [])]);
}

function branchesOf(node: SchemaNode): SchemaNode[] {
  return [node, ...(node.anyOf ?? []).flatMap(branchesOf)];
}

function childrenOf(node: SchemaNode, key: string): SchemaNode[] {
  const child = node.properties?.[key] ?? node.prefixItems?.[Number(key)] ?? node.items;
  return child === undefined ? [] : branchesOf(child);
}

function otherThan(value: unknown, choices: readonly unknown[]): unknown {
  const other = choices.find((choice) => choice !== value);
  if (other !== undefined) return other;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'number' ? value + 1 : `${String(value)}x`;
}
