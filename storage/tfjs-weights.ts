import { DomainError } from '../domain/domain-error.js';

/** The parts of TensorFlow.js's model.json that weights need. */
export interface TfjsModel {
  readonly format: 'volbias-network';
  readonly generatedBy: 'volbias';
  /** Which network it is; the arrays' names and axes are those of the safetensors file. */
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
 * A weights file (safetensors) as TensorFlow.js reads weights: a manifest for model.json and the values one after the
 * other. There is no `modelTopology`, because Keras has no layer for the U-Net's up-sampling: `tf.io.loadWeights`
 * reads these files, `tf.loadLayersModel` does not.
 */
export function tfjsWeights(
  safetensors: Uint8Array,
  dataPath: string,
): { readonly model: TfjsModel; readonly data: Uint8Array } {
  const view = new DataView(safetensors.buffer, safetensors.byteOffset, safetensors.byteLength);
  const headerEnd = safetensors.byteLength < 8 ? NaN : 8 + Number(view.getBigUint64(0, true));
  if (!(headerEnd <= safetensors.byteLength)) throw new DomainError('FILE_FORMAT_INVALID', 'no safetensors file');
  const header = JSON.parse(Buffer.from(safetensors.subarray(8, headerEnd)).toString('utf8')) as Record<
    string,
    unknown
  >;
  const { __metadata__: metadata = {}, ...arrays } = header;
  const entries = Object.entries(arrays as Record<string, SafetensorsEntry>).sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0],
  );
  const weights = entries.map(([name, { shape }]) => ({ name, shape, dtype: 'float32' as const }));
  const parts = entries.map(
    ([
      ,
      {
        data_offsets: [begin, end],
      },
    ]) => safetensors.subarray(headerEnd + begin, headerEnd + end),
  );
  return {
    model: {
      format: 'volbias-network',
      generatedBy: 'volbias',
      userDefinedMetadata: metadata as Record<string, string>,
      weightsManifest: [{ paths: [dataPath], weights }],
    },
    data: Buffer.concat(parts),
  };
}
