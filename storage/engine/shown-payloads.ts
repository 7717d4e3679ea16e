import { shownMark, shownPattern } from '../../contracts/shown.js';
import type { Payload } from './sealed-payloads.js';

const markName = 'shown-in-clear';
const plain = Buffer.from('json/plain');
/** As in JSON. */
const mark = JSON.stringify(shownMark).slice(1, -1);

/**
 * The payload of a text that was marked for Temporal's page (contracts/shown.ts), in clear and without the mark: a text
 * by itself, or the current details of a workflow among what it says of itself. Undefined for every other payload, and
 * where the text has a form that is never shown.
 */
export function shownInClear({ metadata, data }: Payload): Payload | undefined {
  const json = Buffer.from(data ?? []).toString('utf8');
  if (!json.includes(mark) || !plain.equals(metadata?.encoding ?? Buffer.alloc(0))) return undefined;
  const value: unknown = JSON.parse(json);
  const bare = withoutMark(value) ?? detailsWithoutMark(value);
  if (bare === undefined) return undefined;
  return { metadata: { encoding: plain, [markName]: Buffer.from('1') }, data: Buffer.from(JSON.stringify(bare)) };
}

/** Whether a payload was left in clear by us, or by somebody who says so: its content counts for nothing. */
export function isShown({ metadata }: Payload): boolean {
  return metadata?.[markName] !== undefined;
}

function withoutMark(value: unknown): string | undefined {
  if (typeof value !== 'string' || !value.startsWith(shownMark)) return undefined;
  const text = value.slice(shownMark.length);
  return shownPattern.test(text) ? text : undefined;
}

/** What the SDK answers if it is asked what a workflow is: names of its type, queries and updates, and its details. */
function detailsWithoutMark(value: unknown): object | undefined {
  if (typeof value !== 'object' || value === null || !('currentDetails' in value)) return undefined;
  const { currentDetails, definition, ...others } = value as { currentDetails: unknown; definition?: unknown };
  const text = withoutMark(currentDetails);
  if (text === undefined || definition === undefined || Object.keys(others).length > 0) return undefined;
  return { definition, currentDetails: text };
}
