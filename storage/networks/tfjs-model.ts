import { modelNames } from '../../configs/config-schema.js';
import { DomainError } from '../../domain/domain-error.js';
import { kerasModel } from '../../domain/formats/keras-layers.js';
import type { Triple } from '../../domain/image/grid.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';

/** TensorFlow.js's model.json of a layers model. */
export interface TfjsModel {
  readonly format: 'layers-model';
  readonly generatedBy: 'volbias';
  readonly convertedBy: null;
  readonly modelTopology: object;
  /** Which network it is, as the safetensors file says. */
  readonly userDefinedMetadata: Readonly<Record<string, string>>;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly dtype: 'float32';
    }[];
  }[];
}

interface SafetensorsEntry {
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * A weights file (safetensors) as a model for `tf.loadLayersModel`, for images of `inputShape` alone: model.json, and the
 * values one after the other. A parameter `encoder1.convolution1.kernel` is `encoder1.convolution1/kernel` there.
 */
export function tfjsModel(
  safetensors: Uint8Array,
  { dataPath, inputShape }: { readonly dataPath: string; readonly inputShape: Triple },
): { readonly model: TfjsModel; readonly data: Uint8Array } {
  const view = new DataView(safetensors.buffer, safetensors.byteOffset, safetensors.byteLength);
  const headerEnd = safetensors.byteLength < 8 ? NaN : 8 + Number(view.getBigUint64(0, true));
  if (!(headerEnd <= safetensors.byteLength)) throw new DomainError('FILE_FORMAT_INVALID', 'no safetensors file');
  const header = JSON.parse(Buffer.from(safetensors.subarray(8, headerEnd)).toString('utf8')) as Record<
    string,
    unknown
  >;
  const { __metadata__, ...arrays } = header;
  const metadata = (__metadata__ ?? {}) as Record<string, string>;
  const entries = Object.entries(arrays as Record<string, SafetensorsEntry>).sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0],
  );
  const weights = entries.map(([name, { shape }]) => ({ name: layerWeight(name), shape, dtype: 'float32' as const }));
  const parts = entries.map(([, { data_offsets: offsets }]) =>
    safetensors.subarray(headerEnd + offsets[0], headerEnd + offsets[1]),
  );
  const topology = { keras_version: '2.15.0', backend: 'tensorflow' };
  return {
    model: {
      format: 'layers-model',
      generatedBy: 'volbias',
      convertedBy: null,
      modelTopology: { ...topology, model_config: kerasModel(networkOf(metadata), inputShape) },
      userDefinedMetadata: metadata,
      weightsManifest: [{ paths: [dataPath], weights }],
    },
    data: Buffer.concat(parts),
  };
}

/** TensorFlow.js finds a weight by its layer's name and what it is there. */
const layerWeight = (name: string): string => name.replace(/\.(kernel|bias)$/, '/$1');

function networkOf({ model, dimensions, channels, upsampling }: Record<string, string>): NetworkChoice {
  const name = modelNames.find((known) => known === model);
  if (name === undefined) throw new DomainError('FILE_FORMAT_INVALID', `weights of a network "${String(model)}"`);
  return {
    model: name,
    dimensions: dimensions === '2' ? 2 : 3,
    channels: Number(channels),
    upsampling: upsampling === 'valid' ? 'valid' : 'same',
  };
}
