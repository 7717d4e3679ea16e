import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A GPU that may compute: its name in CUDA_VISIBLE_DEVICES, and its model if known. */
export interface GraphicsDevice {
  readonly id: string;
  readonly model?: string;
}

const driverFolder = '/proc/driver/nvidia/gpus';

/**
 * The GPUs on which a worker may compute: those named in its own CUDA_VISIBLE_DEVICES, else all that NVIDIA's driver
 * lists on Linux, ordered by bus address. Empty with TensorFlow's CPU build, and if the driver lists none; TensorFlow
 * then uses whatever it finds itself.
 */
export async function graphicsDevices(
  variant: 'cpu' | 'gpu',
  environment: Readonly<Record<string, string | undefined>>,
  folder = driverFolder,
): Promise<GraphicsDevice[]> {
  if (variant === 'cpu') return [];
  const listed = await listedDevices(folder);
  const { CUDA_VISIBLE_DEVICES: visible } = environment;
  if (visible === undefined) return listed;
  return visible
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
    .map((id) => listed.find((device) => device.id === id) ?? { id });
}

async function listedDevices(folder: string): Promise<GraphicsDevice[]> {
  const addresses = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    addresses.sort().map((address) => readFile(join(folder, address, 'information'), 'utf8').catch(() => '')),
  );
  return texts.flatMap((text) => {
    const field = (name: string): string | undefined =>
      new RegExp(`^${name}:\\s*(\\S.*)$`, 'm').exec(text)?.[1]?.trim();
    const [id, model] = [field('GPU UUID'), field('Model')];
    return id === undefined ? [] : [{ id, ...(model !== undefined && { model }) }];
  });
}
