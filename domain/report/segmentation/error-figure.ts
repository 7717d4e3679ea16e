import { unitLabel, type VolumeUnit } from '../../evaluate/voxel-size.js';
import { bottomAxis, leftAxis } from '../../figures/axis.js';
import { dotPath } from '../../figures/curve.js';
import type { Figure } from '../../figures/figure.js';
import { linearScale, paddedDomain, ticksOf } from '../../figures/scale.js';
import { box, horizontal } from '../../figures/shapes.js';
import { markup } from '../../markup/markup.js';
import { formatSigned, withUnit } from '../words/format-number.js';
import type { ScoredCase } from './scored-cases.js';

const [width, height] = [760, 320];
const panel = { left: 70, right: width - 10, top: 10, bottom: height - 40 };

/** Volume error against true volume, a dot for each case, which its title names; all cases have the unit. */
export function errorFigure(cases: readonly ScoredCase[], unit: VolumeUnit): Figure {
  const volumes = cases.map(({ truthVolume }) => truthVolume);
  const errors = cases.map(({ volumeError }) => volumeError);
  const x = linearScale(paddedDomain(volumes, 0.05), [panel.left, panel.right]);
  const y = linearScale(paddedDomain(errors, 0.1), [panel.bottom, panel.top]);
  const label = unitLabel(unit);
  const dots = cases.map(({ case: name, truthVolume, volumeError }) => {
    const title = `${name}, ΔV ${withUnit(formatSigned(volumeError), unit)}`;
    return markup`<path d="${dotPath({ x: truthVolume, y: volumeError }, { x, y })}"><title>${title}</title></path>`;
  });
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return {
    ...{ width, height, label: 'Volume error of each case against its true volume' },
    content: markup`${box('panel', panel)}
${leftAxis(panel, y, { ticks: ticksOf(y), lines: 'grid', title: `ΔV in ${label}` })}
${bottomAxis(panel, x, { ticks: ticksOf(x), title: `true volume in ${label}` })}
${horizontal('zero', y(0), panel)}
<g class="dots series-0">${dots}</g>
${horizontal('mean series-0', y(mean), panel)}
`,
  };
}
