import { mkdir, stat, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { DomainError } from '../../domain/domain-error.js';
import { encodeNifti } from '../../domain/formats/encode-nifti.js';
import { drawPhantom, type Phantom } from '../../domain/phantom/draw-phantom.js';
import { phantomModalities, type PhantomSettings } from '../../domain/phantom/phantom-settings.js';
import { phantomCaseId } from '../../domain/phantom/phantom-structure.js';
import { flushFolder, writeFileAtomically } from '../files/atomic-file.js';
import { hasErrorCode } from '../files/file-errors.js';
import { readStoredText } from '../files/stored-file.js';

/** Increase it whenever the same settings give different files. */
const generation = 1;

const descriptionName = 'phantom.json';

/**
 * Writes a phantom data set to the folder `root`: in 2D pictures in `images/` and `masks/` (layout folder2d), in 3D
 * `imagesTr/`, `labelsTr/` and `dataset.json` (layout nnunet). `phantom.json` records the settings.
 *
 * The bytes depend only on settings, seed and name. Everything is written to a temporary folder that is then renamed to
 * `root`, so an existing folder is complete. A folder from the same settings is kept; a folder from other settings is
 * replaced. DATA_SET_INVALID if this function did not write the existing folder.
 */
export async function writePhantom(
  root: string,
  settings: PhantomSettings,
  { seed, name }: { readonly seed: number; readonly name: string },
): Promise<void> {
  const description = `${JSON.stringify({ generation, seed, name, settings }, null, 2)}\n`;
  const present = await presentDescription(root);
  if (present === description) return;
  const temporary = `${root}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(root), { recursive: true });
    await mkdir(temporary);
    await (settings.dimensions === 2 ? writePictures : writeNnunet)(temporary, settings, { seed, name });
    await writeFileAtomically(join(temporary, descriptionName), description);
    if (present !== undefined) await rm(root, { recursive: true });
    await rename(temporary, root);
    await flushFolder(dirname(root));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another process may have been faster; its folder is then equivalent.
    if ((await presentDescription(root)) !== description) throw error;
  }
}

/** The text of phantom.json; undefined if there is no such folder. */
async function presentDescription(root: string): Promise<string | undefined> {
  try {
    return await readStoredText(join(root, descriptionName));
  } catch (error) {
    // Such as a pipe in its place.
    if (error instanceof DomainError) throw error;
    const isThere = await stat(root).then(
      () => true,
      (reason: unknown) => !hasErrorCode(reason, 'ENOENT'),
    );
    if (!isThere) return undefined;
    throw new DomainError('DATA_SET_INVALID', `${root} exists but is not a phantom (it has no ${descriptionName})`, {
      root,
    });
  }
}

type Writer = (folder: string, settings: PhantomSettings, stream: { seed: number; name: string }) => Promise<void>;

const writePictures: Writer = async (folder, settings, stream) => {
  const { encodePng } = await import('../images/picture-files.js');
  await Promise.all(['images', 'masks'].map((name) => mkdir(join(folder, name))));
  for (let caseIndex = 0; caseIndex < settings.cases; caseIndex++) {
    const { grid, images, label } = drawPhantom(settings, { ...stream, caseIndex });
    const [width, height] = grid.shape;
    const values = toGrey(images[0]?.values ?? new Float32Array(0), settings.bitDepth);
    const file = `${phantomCaseId(caseIndex)}.png`;
    await writeFileAtomically(join(folder, 'images', file), await encodePng({ width, height, values }));
    const mask = label.map((one) => 255 * one);
    await writeFileAtomically(join(folder, 'masks', file), await encodePng({ width, height, values: mask }));
  }
};

/** Maps background to a quarter and core to three quarters of the grey range, so that noise fits on both sides. */
function toGrey(values: Float32Array, bitDepth: 8 | 16): Uint8Array | Uint16Array {
  const top = 2 ** bitDepth - 1;
  const grey = (value: number): number => Math.min(top, Math.max(0, Math.round(((1 + 2 * value) / 4) * top)));
  return bitDepth === 8 ? Uint8Array.from(values, grey) : Uint16Array.from(values, grey);
}

const writeNnunet: Writer = async (folder, settings, stream) => {
  await Promise.all(['imagesTr', 'labelsTr'].map((name) => mkdir(join(folder, name))));
  for (let caseIndex = 0; caseIndex < settings.cases; caseIndex++) {
    await writeNnunetCase(folder, phantomCaseId(caseIndex), drawPhantom(settings, { ...stream, caseIndex }));
  }
  const names = phantomModalities(settings.dimensions).map((modality, index) => [String(index), modality.name]);
  const description = {
    channel_names: Object.fromEntries(names) as Record<string, string>,
    labels: { background: 0, structure: 1 },
    numTraining: settings.cases,
    file_ending: '.nii.gz',
  };
  await writeFileAtomically(join(folder, 'dataset.json'), `${JSON.stringify(description, null, 2)}\n`);
};

async function writeNnunetCase(folder: string, id: string, { grid, images, label }: Phantom): Promise<void> {
  for (const [index, { values }] of images.entries()) {
    const name = `${id}_${String(index).padStart(4, '0')}.nii.gz`;
    await writeFileAtomically(join(folder, 'imagesTr', name), await gzipped(encodeNifti({ grid, values })));
  }
  await writeFileAtomically(
    join(folder, 'labelsTr', `${id}.nii.gz`),
    await gzipped(encodeNifti({ grid, values: label })),
  );
}

/** Node writes no timestamp; the byte for the operating system is set to "unknown". */
async function gzipped(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = await promisify(gzip)(bytes);
  packed[9] = 255;
  return packed;
}
