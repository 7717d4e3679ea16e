import { voxelCount, type Grid, type Triple } from '../image/grid.js';
import { randomStream, type RandomStream } from '../random/random-stream.js';
import { ballOnGrid, type Ball } from './ball.js';
import { phantomGrid, type PhantomSettings } from './phantom-settings.js';
import { placeBalls } from './place-balls.js';

/** Identifies a phantom: everything random in it depends on these three values only. */
export interface PhantomName {
  readonly seed: number;
  readonly name: string;
  readonly caseIndex: number;
}

/** The parts of a phantom as maps of 0 and 1 on its grid. */
export interface PhantomStructure {
  readonly grid: Grid;
  /** The certain core. */
  readonly core: Uint8Array;
  /** One map for each uncertain region. */
  readonly regions: readonly Uint8Array[];
  /** Which uncertain regions belong to the structure. */
  readonly belongs: readonly boolean[];
  /** The core and the uncertain regions that belong to the structure. */
  readonly label: Uint8Array;
}

/** The case's id, and the name of its files without their endings. */
export function phantomCaseId(caseIndex: number): string {
  return `phantom-${String(caseIndex + 1).padStart(4, '0')}`;
}

/** The random numbers of one phantom for one purpose. */
export function phantomStream({ seed, name, caseIndex }: PhantomName, purpose: string): RandomStream {
  return randomStream(seed, 'phantom', name, caseIndex, purpose);
}

/** Draws which regions belong to the structure, and where core and regions lie: in streams of their own. */
export function drawStructure(settings: PhantomSettings, own: PhantomName): PhantomStructure {
  const grid = phantomGrid(settings);
  const core = ballOnGrid(grid, settings.coreRadius);
  const region = ballOnGrid(grid, settings.regionRadius);
  const belonging = phantomStream(own, 'belongs');
  const belongs = Array.from({ length: settings.regions }, () => belonging.uniform() < settings.probability);
  const balls = [core, ...belongs.map(() => region)];
  const centres = placeBalls(grid, balls, phantomStream(own, 'positions'));
  const [coreMap = new Uint8Array(0), ...regions] = balls.map((ball, i) => ballMap(grid, ball, centres[i] as Triple));
  const label = coreMap.slice();
  regions.forEach((map, i) => {
    if (belongs[i] === true) for (let v = 0; v < map.length; v++) if (map[v] === 1) label[v] = 1;
  });
  return { grid, core: coreMap, regions, belongs, label };
}

function ballMap({ shape }: Grid, { steps }: Ball, centre: Triple): Uint8Array {
  const map = new Uint8Array(voxelCount(shape));
  for (const [x, y, z] of steps) map[centre[0] + x + shape[0] * (centre[1] + y + shape[1] * (centre[2] + z))] = 1;
  return map;
}
