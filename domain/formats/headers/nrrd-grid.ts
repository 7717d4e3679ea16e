import { perAxis, type Triple } from '../../image/grid.js';
import { parseNumber, shortened, type HeaderFields } from './header-text.js';
import { invalidHeader, noSpacing, spacingProblemOf, type StatedGrid } from './image-header.js';

/** For each space with anatomical meaning, the signs that turn its positions into RAS. */
const spaceSigns: Readonly<Record<string, Triple>> = {
  'right-anterior-superior': [1, 1, 1],
  ras: [1, 1, 1],
  'left-anterior-superior': [-1, 1, 1],
  las: [-1, 1, 1],
};
const lps: Triple = [-1, -1, 1];

const unitsMm: Readonly<Record<string, number>> = { '': 1, '???': 1, mm: 1, cm: 10, m: 1000, um: 0.001 };

/** Kinds of axes along which voxels lie. */
const spatialKinds = ['domain', 'space', 'none', '???'];

/** An axis of the file; `step` is undefined if it is not spatial, such as one of channels. */
interface NrrdAxis {
  readonly length: number;
  readonly step: readonly number[] | undefined;
}

/**
 * The grid of an NRRD file. The first two or three spatial axes are x, y and z: those with a direction or, in a file
 * without directions, those of a spatial kind. One more axis, the first or the last, may be longer than 1; its entries
 * become channels. As in ITK, positions in a space without anatomical meaning count as LPS, and an absent origin is 0;
 * unlike in ITK, an absent spacing is not 1 mm, and other units than mm are converted.
 *
 * Throws FILE_FORMAT_INVALID for other arrangements of axes, for a space without directions, and for positions stated as
 * axis mins or maxs.
 */
export function nrrdGrid(fields: HeaderFields, source: string): StatedGrid & { readonly interleaved: boolean } {
  const dimension = fields.numbers('dimension', 1)?.[0] ?? NaN;
  if (!(Number.isInteger(dimension) && dimension >= 2 && dimension <= 16)) {
    throw invalidHeader(source, `its dimension is ${dimension}; expected at least 2 axes`);
  }
  const lengths = fields.numbers('sizes', dimension);
  if (lengths === undefined) throw invalidHeader(source, 'its header has no field "sizes"');
  const steps = statedSteps(fields, dimension, source) ?? alignedSteps(fields, dimension, source);
  const axes = lengths.map((length, index): NrrdAxis => ({ length, step: steps.of[index] }));
  const spatial = axes.filter(({ step }) => step !== undefined).slice(0, 3);
  const channelAxis = channelAxisOf(axes, spatial, source);
  const used = spatial.map((axis) => axes.indexOf(axis));
  const unit = unitOf(fields, used, source);
  const space = (fields.text('space') ?? '').toLowerCase();
  const sign = spaceSigns[space.replace(/-time$|(?<=^.as)t$/, '')] ?? lps;
  const origin = vectorsIn(fields.text('space origin') ?? '')[0];
  return {
    lengths: spatial.map(({ length }) => length),
    channels: channelAxis?.length ?? 1,
    steps: perAxis((axis) =>
      perAxis((row) => {
        const { step } = spatial[axis] ?? {};
        // A third axis that the file lacks is perpendicular to the other two.
        return step === undefined ? Number(axis === row) : sign[row] * unit * (step[row] ?? 0);
      }),
    ),
    origin: perAxis((row) => sign[row] * unit * (origin?.[row] ?? 0)),
    spacingProblem: steps.problem,
    interleaved: channelAxis !== undefined && axes.indexOf(channelAxis) === 0,
  };
}

interface Steps {
  /** For each axis of the file. */
  readonly of: readonly (readonly number[] | undefined)[];
  /** Why their lengths are not the spacing; undefined if they are. */
  readonly problem?: string | undefined;
}

/** The steps by "space directions", undefined if the header has none. */
function statedSteps(fields: HeaderFields, dimension: number, source: string): Steps | undefined {
  const text = fields.text('space directions');
  if (text === undefined) return undefined;
  const of = vectorsIn(text);
  const lengths = new Set(of.flatMap((step) => step?.length ?? []));
  const flat = of.filter((step) => step !== undefined).length === 2;
  const [components = 0, ...others] = lengths;
  if (of.length !== dimension || others.length > 0 || components < 2 || components > 4 || flat !== (components === 2)) {
    throw invalidHeader(
      source,
      `its space directions are "${shortened(text)}"; expected ${dimension}, vectors of the space or "none"`,
    );
  }
  return { of };
}

/**
 * Vectors such as `(1,0,0)`; undefined for `none` and, as older files write it, vectors of NaN. Text that is no number
 * becomes infinite, which no affine may be.
 */
function vectorsIn(text: string): (number[] | undefined)[] {
  return (text.match(/none|\([^()]*\)|[^\s()]+/gi) ?? []).map((token) => {
    if (token.toLowerCase() === 'none') return undefined;
    const numbers = token
      .replace(/^\((.*)\)$/, '$1')
      .split(',')
      .map((part) => parseNumber(part.trim()) ?? Infinity);
    return numbers.every(Number.isNaN) ? undefined : numbers;
  });
}

/** Steps along the axes of the file, from the spacings, for a header without directions. */
function alignedSteps(fields: HeaderFields, dimension: number, source: string): Steps {
  for (const name of ['space', 'axis mins', 'axis maxs']) {
    if (fields.text(name) !== undefined)
      throw invalidHeader(source, `its header has "${name}" but no space directions`);
  }
  const kinds = fields.text('kinds')?.toLowerCase().split(/\s+/);
  const spacings = fields.numbers('spacings', dimension);
  const spatial = Array.from({ length: dimension }, (_, axis) => axis)
    .filter((axis) => kinds === undefined || spatialKinds.includes(kinds[axis] ?? ''))
    .slice(0, 3);
  const stated = spatial.map((axis) => spacings?.[axis] ?? NaN);
  const problem = stated.some(Number.isNaN) ? noSpacing : spacingProblemOf(stated);
  const of = Array.from({ length: dimension }, (_, axis) => {
    const place = spatial.indexOf(axis);
    return place < 0
      ? undefined
      : perAxis((row) => (row === place ? (problem === undefined ? (stated[place] ?? NaN) : 1) : 0));
  });
  return { of, problem };
}

/** The axis of channels, if there is one. */
function channelAxisOf(axes: readonly NrrdAxis[], spatial: readonly NrrdAxis[], source: string): NrrdAxis | undefined {
  const others = axes.filter((axis) => axis.length !== 1 && !spatial.includes(axis));
  const [channelAxis] = others;
  const inner = channelAxis !== undefined && channelAxis !== axes[0] && channelAxis !== axes.at(-1);
  if (spatial.length < 2 || others.length > 1 || inner) {
    throw invalidHeader(
      source,
      `its ${axes.map(({ length }) => length).join('×')} voxels have ${spatial.length} spatial axes; ` +
        'expected two or three, and at most one axis of channels, the first or the last',
    );
  }
  const time = channelAxis?.step;
  const slanted =
    spatial.some(({ step }) => (step?.[3] ?? 0) !== 0) || (time?.slice(0, 3).some((part) => part !== 0) ?? false);
  if (slanted) throw invalidHeader(source, 'its fourth axis is not perpendicular to the other three');
  return channelAxis;
}

/** Length in mm of the unit of the spatial axes. */
function unitOf(fields: HeaderFields, spatial: readonly number[], source: string): number {
  const quoted = (name: string): string[] | undefined =>
    fields
      .text(name)
      ?.match(/"[^"]*"/g)
      ?.map((one) => one.slice(1, -1));
  const units =
    quoted('space units')?.slice(0, spatial.length) ?? quoted('units')?.filter((_, axis) => spatial.includes(axis));
  const [unit = '', ...others] = new Set(units);
  const length = unitsMm[unit.trim()];
  if (length === undefined || others.length > 0) {
    throw invalidHeader(source, `its units are ${shortened([unit, ...others].join(', '))}; expected mm, cm, m or um`);
  }
  return length;
}
