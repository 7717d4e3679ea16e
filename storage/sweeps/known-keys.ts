import { z } from 'zod';

import { configSchema } from '../../configs/config-schema.js';
import { nearestWord } from './nearest-word.js';

/** The part of a JSON Schema that tells which keys an object may have. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly const?: unknown;
}

/** What is said of a key that the config has no place for: the closest key that there is, and all others. */
export function unknownKeyText(key: string, path: readonly (string | number)[], config: unknown): string {
  const known = keysAt(path, config);
  if (known.length === 0) return `unknown key "${key}"`;
  const near = nearestWord(key, known);
  const meant = near === undefined ? '' : `, did you mean ${near}?`;
  return `unknown key "${key}"${meant === '' ? ';' : meant} the keys here are ${known.join(', ')}`;
}

let schema: Node | undefined;

/** The keys that the schema has for the object at a path of a config. */
function keysAt(path: readonly (string | number)[], config: unknown): string[] {
  schema ??= z.toJSONSchema(configSchema, { io: 'input' }) as Node;
  let nodes = objectsOf(schema, config);
  let value = config;
  for (const part of path) {
    value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[part];
    nodes = nodes.flatMap((node) => objectsOf(childOf(node, part), value));
  }
  const keys = nodes.flatMap(({ properties = {} }) => Object.keys(properties));
  return [...new Set(keys)].filter((key) => !key.startsWith('$'));
}

function childOf({ properties, additionalProperties, items }: Node, part: string | number): Node {
  if (typeof part === 'number') return items ?? {};
  const others = typeof additionalProperties === 'object' ? additionalProperties : {};
  return properties?.[part] ?? others;
}

/** A node, or those of its alternatives whose constants, such as the kind of a loss, the value has. */
function objectsOf(node: Node, value: unknown): Node[] {
  const alternatives = node.anyOf ?? node.oneOf;
  if (alternatives !== undefined) return alternatives.flatMap((one) => objectsOf(one, value));
  const fits = Object.entries(node.properties ?? {}).every(
    ([key, { const: constant }]) =>
      constant === undefined || (value as Readonly<Record<string, unknown>> | undefined)?.[key] === constant,
  );
  return fits ? [node] : [];
}
