import type { Figure } from '../figures/figure.js';
import { box, coordinate, words } from '../figures/shapes.js';
import { markup, type Markup } from '../markup/markup.js';
import { counted } from '../report/words/format-number.js';
import type { Trace, TracedWork } from './trace.js';

interface Node {
  readonly name: string;
  readonly note: string;
  readonly needs: readonly string[];
}

const boxWidth = 230;
const boxHeight = 36;
const columnGap = 60;
const rowGap = 10;
const headingHeight = 24;
const longestName = 36;

/**
 * A trace as a graph: the files of the data sets at the left, then a column for each step with a box for each unit, and
 * what was traced at the right. A line leads from each result to those that were computed from it.
 */
export function traceFigure(trace: Trace): Figure {
  const columns = columnsOf(trace);
  const places = new Map<string, { readonly x: number; readonly y: number }>();
  columns.forEach((nodes, column) => {
    nodes.forEach(({ name }, row) => {
      places.set(name, { x: column * (boxWidth + columnGap), y: headingHeight + row * (boxHeight + rowGap) });
    });
  });
  const all = columns.flat();
  const lines = all.flatMap(({ name, needs }) => needs.map((need) => lineBetween(places.get(need), places.get(name))));
  const boxes = all.map((node) => boxOf(node, places.get(node.name) ?? { x: 0, y: 0 }));
  const rows = Math.max(...columns.map(({ length }) => length));
  return {
    width: columns.length * (boxWidth + columnGap) - columnGap,
    height: headingHeight + rows * (boxHeight + rowGap),
    label: `Where ${trace.what} of ${trace.sweep} comes from`,
    content: markup`${words('heading', titleOf(trace), { x: 0, y: 12 })}<g>${lines}</g><g>${boxes}</g>`,
  };
}

function titleOf({ what, value, sweep }: Trace): string {
  return `${what}${value === null ? '' : ` = ${value}`} (${sweep})`;
}

/** The boxes by column: files, then the units of each step, in the order in which they depend on each other. */
function columnsOf({ inputs, files }: Trace): Node[][] {
  const units = inputs.filter((work) => work.case === undefined);
  const known = new Set(units.map(({ unit }) => unit));
  const steps = [...new Set(units.map(({ step }) => step))].reverse();
  const dataSets = [...new Set(files.map(({ dataSet }) => dataSet))];
  const sources = dataSets.map((dataSet) => {
    const own = files.filter((file) => file.dataSet === dataSet);
    const cases = new Set(own.map((file) => file.case)).size;
    return { name: dataSet, note: `${counted(own.length, 'file')} of ${counted(cases, 'case')}`, needs: [] };
  });
  const columns = steps.map((step) =>
    units
      .filter((work) => work.step === step)
      .map((work) => ({
        name: work.unit,
        note: noteOf(work),
        // A scan reads files, and needs no unit.
        needs:
          step === 'scan'
            ? dataSets.filter((dataSet) => work.unit === `scan ${dataSet}`)
            : work.inputs.map(({ unit }) => unit).filter((unit) => known.has(unit)),
      })),
  );
  return [...(sources.length > 0 ? [sources] : []), ...columns];
}

function noteOf({ digest, facts, failures, resumptions }: TracedWork): string {
  const { bestEpoch } = facts;
  const parts = [
    `sha256 ${digest.slice(0, 12)}…`,
    ...(bestEpoch === undefined ? [] : [`epoch ${bestEpoch}`]),
    ...(failures > 0 ? [counted(failures, 'failure')] : []),
    ...(resumptions > 0 ? [counted(resumptions, 'resumption')] : []),
  ];
  return parts.join(', ');
}

function boxOf({ name, note }: Node, { x, y }: { readonly x: number; readonly y: number }): Markup {
  const shown = name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
  const frame = { left: x, right: x + boxWidth, top: y, bottom: y + boxHeight };
  return markup`<g><title>${name}</title>${box('panel', frame)}${box('frame', frame)}${words('', shown, { x: x + 8, y: y + 15 })}${words('note', note, { x: x + 8, y: y + 29 })}</g>`;
}

function lineBetween(
  from: { readonly x: number; readonly y: number } | undefined,
  to: { readonly x: number; readonly y: number } | undefined,
): Markup {
  if (from === undefined || to === undefined) return markup``;
  const [left, right] = [from.x + boxWidth, to.x];
  const [start, end] = [from.y + boxHeight / 2, to.y + boxHeight / 2];
  const middle = coordinate((left + right) / 2);
  return markup`<path class="grid" d="M${coordinate(left)} ${coordinate(start)}C${middle} ${coordinate(start)} ${middle} ${coordinate(end)} ${coordinate(right)} ${coordinate(end)}"/>`;
}
