import type { LockCheck } from '../../lock/lock-check.js';
import { markup, nothing, type Markup } from '../../markup/markup.js';
import { counted, listed } from '../words/format-number.js';
import { gridLabel, lossShort } from '../words/labels.js';

/** Whether the sweep is as it was locked before its results were seen, and how not; empty without a lock. */
export function lockNotice(check: LockCheck | undefined): Markup {
  if (check === undefined) return nothing;
  const { digest, lockedAt, primaryOutcome, deviations, unlocked } = check;
  const verdict =
    deviations.length === 0
      ? markup`no deviations`
      : markup`<strong>${counted(deviations.length, 'deviation')}</strong>`;
  const items = deviations.map(
    ({ name, before, now }) => markup`<li><code>${name}</code>: ${valueText(before)} → ${valueText(now)}</li>`,
  );
  const list = items.length === 0 ? nothing : markup`<ul>${items}</ul>`;
  const missing =
    unlocked.length === 0
      ? nothing
      : markup`<p>Not there when it was locked, and so neither their images nor their folds are: ${listed(unlocked)}.</p>`;
  return markup`<div class="${deviations.length === 0 ? 'note' : 'warning'}" id="lock"><p>Locked on ${dateText(lockedAt)} by its own account (SHA-256 <code>${digest}</code>): ${verdict}. ${outcomeText(primaryOutcome)} Whether there were results before, only the lineage log shows: <code>volbias run</code> says so.</p>${list}${missing}</div>
`;
}

function outcomeText({ grid, difference }: LockCheck['primaryOutcome']): string {
  const measure =
    difference === null
      ? 'mean volume error ΔV against 0'
      : `volume error ΔV, paired difference ${lossShort(difference[0])} − ${lossShort(difference[1])}`;
  return `Primary outcome: ${measure}, on the ${gridLabel(grid)}.`;
}

/** `2026-11-28 21:05 UTC`. */
function dateText(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

function valueText(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value);
}
