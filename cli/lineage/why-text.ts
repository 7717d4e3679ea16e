import type { Explanation } from '../../domain/lineage/explanation.js';
import { reasonOf, wordsOfCause, wordsOfDifference } from '../../domain/lineage/reasons.js';
import { firstTen } from '../../domain/report/words/format-number.js';

/** A unit's verdict, in a line. */
export function verdictLine(explanation: Explanation): string {
  const { unit, verdict, epoch, against } = explanation;
  switch (verdict) {
    case 'cached':
      return `${unit}: cached${against === null ? '' : `, ${recordedIn(against)}`}`;
    case 'resumable':
      return `${unit}: resumable at epoch ${epoch ?? 1}`;
    case 'new':
      return `${unit}: new, no unit of this name has been computed before`;
    case 'lost':
      return `${unit}: its result is missing from the store and is computed again`;
    case 'waiting':
      return `${unit}: waits for results that are missing from the store`;
    case 'changed':
      return `${unit}: changed, ${reasonOf(explanation)}`;
  }
}

function recordedIn({ at, sweep }: NonNullable<Explanation['against']>): string {
  const [when, forWhich] = [at === null ? '' : ` at ${at}`, sweep === null ? '' : ` for ${sweep}`];
  return `its result was recorded${when}${forWhich}`;
}

/** All that is known of why a unit is computed: the verdict, then what differs from the nearest earlier unit. */
export function whyText(explanation: Explanation): string {
  const { unit, key, verdict, against, differences, causes, unchanged } = explanation;
  const [first] = causes;
  const lines = [verdictLine(explanation), `  key ${key ?? 'not known before its inputs are computed'}`];
  if (verdict === 'cached' || against === null) return lines.join('\n');
  lines.push(`  compared with key ${against.key}: ${recordedIn(against)}`);
  lines.push(...differences.map((one) => `    ${wordsOfDifference(one)}`));
  if (first !== undefined && first.unit !== unit) {
    lines.push(`  first difference, in ${first.unit}:`, ...wordsOfCause(first).map((words) => `    ${words}`));
  }
  const others = causes.slice(1).filter((cause) => cause.unit !== unit);
  lines.push(...others.map((cause) => `  also ${cause.unit}: ${wordsOfCause(cause).join('; ')}`));
  if (unchanged.length > 0) lines.push(`  the same as before: ${firstTen(unchanged)}, and all other settings`);
  return lines.join('\n');
}
