import { voxelCount, type Grid, type Triple } from '../image/grid.js';
import { randomStream } from '../random/random-stream.js';
import type { Ball } from './ball.js';
import { phantomBalls } from './phantom-regions.js';
import {
  phantomGrid,
  phantomModalities,
  phantomVoxelVolume,
  type PhantomModality,
  type PhantomSettings,
} from './phantom-settings.js';
import { placeBalls } from './place-balls.js';

/** Identifies a phantom: everything random in it depends on these three values only. */
export interface PhantomName {
  readonly seed: number;
  readonly name: string;
  readonly caseIndex: number;
}

export interface Phantom {
  readonly grid: Grid;
  readonly images: readonly { readonly modality: string; readonly values: Float32Array }[];
  /** 1 in the core and in the uncertain regions that belong to the structure. */
  readonly label: Uint8Array;
  readonly truth: PhantomTruth;
}

/** Volumes in ml (3D) or hundreds of pixels (2D). */
export interface PhantomTruth {
  readonly coreVolume: number;
  readonly regionVolumes: readonly number[];
  /** Which uncertain regions belong to the structure. */
  readonly belongs: readonly boolean[];
}

/**
 * A case with known inherent uncertainty: the setting of the paper's theory as an image. On a certain background
 * (intensity 0) lie a certain core and N uncertain regions of equal volume and appearance, each of which belongs to the
 * structure with probability p. That draw uses a separate random stream, so nothing visible reveals it, and no
 * predictor can do better than predicting p in every region.
 *
 * Centres are voxel centres, so all regions have the same shape and exactly equal volumes.
 */
export function drawPhantom(settings: PhantomSettings, { seed, name, caseIndex }: PhantomName): Phantom {
  const stream = (purpose: string) => randomStream(seed, 'phantom', name, caseIndex, purpose);
  const grid = phantomGrid(settings);
  const { core, region } = phantomBalls(settings, grid);
  const belonging = stream('belongs');
  const belongs = Array.from({ length: settings.regions }, () => belonging.uniform() < settings.probability);
  const [coreCentre = [0, 0, 0], ...regionCentres] = placeBalls(
    grid,
    [core, ...belongs.map(() => region)],
    stream('positions'),
  );
  const scene = { grid, core, region, coreCentre, regionCentres };
  const label = new Uint8Array(voxelCount(grid.shape));
  fillBall(label, { grid, ball: core, centre: coreCentre, value: 1 });
  regionCentres.forEach((centre, index) => {
    if (belongs[index] === true) fillBall(label, { grid, ball: region, centre, value: 1 });
  });
  const voxelVolume = phantomVoxelVolume(settings);
  return {
    grid,
    images: phantomModalities(settings.dimensions).map((modality) => {
      const noise = stream(`noise ${modality.name}`);
      const values = drawScene(scene, modality);
      for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + settings.noise * noise.normal(); // in range
      return { modality: modality.name, values };
    }),
    label,
    truth: {
      coreVolume: core.steps.length * voxelVolume,
      regionVolumes: belongs.map(() => region.steps.length * voxelVolume),
      belongs,
    },
  };
}

interface Scene {
  readonly grid: Grid;
  readonly core: Ball;
  readonly region: Ball;
  readonly coreCentre: Triple;
  readonly regionCentres: readonly Triple[];
}

function drawScene({ grid, core, region, coreCentre, regionCentres }: Scene, modality: PhantomModality): Float32Array {
  const values = new Float32Array(voxelCount(grid.shape));
  fillBall(values, { grid, ball: core, centre: coreCentre, value: modality.core });
  for (const centre of regionCentres) fillBall(values, { grid, ball: region, centre, value: modality.uncertain });
  return values;
}

function fillBall(
  values: Float32Array | Uint8Array,
  { grid, ball, centre, value }: { grid: Grid; ball: Ball; centre: Triple; value: number },
): void {
  for (const [x, y, z] of ball.steps) {
    values[centre[0] + x + grid.shape[0] * (centre[1] + y + grid.shape[1] * (centre[2] + z))] = value;
  }
}
