import { modelNames } from '../../configs/config-schema.js';
import { DomainError } from '../../domain/domain-error.js';
import { kerasModel } from '../../domain/formats/keras-layers.js';
import { decodeSafetensors } from '../../domain/formats/safetensors.js';
import type { Triple } from '../../domain/image/grid.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';

/** The model.json of a TensorFlow.js layers model. */
export interface TfjsModel {
  readonly format: 'layers-model';
  readonly generatedBy: 'volbias';
  readonly convertedBy: null;
  readonly modelTopology: object;
  /** Identifies the network; copied from the safetensors metadata. */
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

/**
 * Converts a weights file (safetensors) to a model for `tf.loadLayersModel`: model.json and the concatenated values. The
 * model accepts only images of `inputShape`. Parameter `encoder1.convolution1.kernel` becomes
 * `encoder1.convolution1/kernel`.
 */
export function tfjsModel(
  safetensors: Uint8Array,
  { dataPath, inputShape }: { readonly dataPath: string; readonly inputShape: Triple },
): { readonly model: TfjsModel; readonly data: Uint8Array } {
  const { arrays, metadata } = decodeSafetensors(safetensors);
  const weights = arrays.map(({ name, shape }) => ({ name: layerWeight(name), shape, dtype: 'float32' as const }));
  const topology = { keras_version: '2.15.0', backend: 'tensorflow' };
  return {
    model: {
      format: 'layers-model',
      generatedBy: 'volbias',
      convertedBy: null,
      modelTopology: { ...topology, model_config: kerasModel(networkInMetadata(metadata), inputShape) },
      userDefinedMetadata: metadata,
      weightsManifest: [{ paths: [dataPath], weights }],
    },
    data: Buffer.concat(arrays.map(({ values }) => littleEndian(values))),
  };
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, index) => {
    bytes.setFloat32(4 * index, value, true);
  });
  return new Uint8Array(bytes.buffer);
}

/** TensorFlow.js looks up weights as `layer/kernel` or `layer/bias`. */
const layerWeight = (name: string): string => name.replace(/\.(kernel|bias)$/, '/$1');

function networkInMetadata({ model, dimensions, channels, upsampling }: Record<string, string>): NetworkChoice {
  const name = modelNames.find((known) => known === model);
  if (name === undefined)
    throw new DomainError('FILE_FORMAT_INVALID', `the weights file names an unknown network "${String(model)}"`);
  return {
    model: name,
    dimensions: dimensions === '2' ? 2 : 3,
    channels: Number(channels),
    upsampling: upsampling === 'valid' ? 'valid' : 'same',
  };
}
