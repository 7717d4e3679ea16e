import { phantomModalities, type PhantomModality, type PhantomSettings } from './phantom-settings.js';
import { drawStructure, phantomStream, type PhantomName, type PhantomStructure } from './phantom-structure.js';

export interface Phantom extends PhantomStructure {
  readonly images: readonly { readonly modality: string; readonly values: Float32Array }[];
}

/**
 * A case with known inherent uncertainty: the setting of the paper's theory as an image. On a certain background
 * (intensity 0) lie a certain core and N uncertain regions of equal volume and appearance, each of which belongs to the
 * structure with probability p. That draw uses a separate random stream, so nothing visible reveals it, and no
 * predictor can do better than predicting p in every region.
 *
 * Centres are voxel centres, so all regions have the same shape and exactly equal volumes.
 */
export function drawPhantom(settings: PhantomSettings, own: PhantomName): Phantom {
  const structure = drawStructure(settings, own);
  const images = phantomModalities(settings.dimensions).map((modality) => {
    const noise = phantomStream(own, `noise ${modality.name}`);
    const values = drawScene(structure, modality);
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + settings.noise * noise.normal(); // in range
    return { modality: modality.name, values };
  });
  return { ...structure, images };
}

function drawScene({ core, regions }: PhantomStructure, modality: PhantomModality): Float32Array {
  const values = Float32Array.from(core, (inside) => inside * modality.core);
  for (const region of regions) {
    for (let i = 0; i < values.length; i++) if (region[i] === 1) values[i] = modality.uncertain;
  }
  return values;
}
