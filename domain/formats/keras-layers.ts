import type { Triple } from '../image/grid.js';
import { describeNetwork } from '../training/networks/describe-network.js';
import {
  leakyReluSlope,
  levelFactor,
  type ConvolutionNode,
  type Network,
  type NetworkChoice,
  type NetworkNode,
} from '../training/networks/network.js';
import { nodeShapes } from '../training/networks/node-shapes.js';
import { nodeChannels } from '../training/networks/parameter-layout.js';

/** A layer in Keras's JSON format; `inbound_nodes` names its input layers. */
export interface KerasLayer {
  readonly class_name: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes: readonly (readonly (readonly [string, 0, 0, object])[])[];
}

/** Spatial sizes: [z, y, x], or [y, x] in 2D. */
type Sizes = readonly number[];

/** The output of a Keras layer. */
interface Value {
  readonly layer: string;
  readonly sizes: Sizes;
  readonly channels: number;
}

/**
 * A network as a functional Keras model of stock layers, for images of one size. It maps `image`,
 * [batch, z, y, x, channel] ([batch, y, x, channel] in 2D), to `probability`, [batch, …, 1] on the output region.
 *
 * Linear up-sampling takes two Keras layers: nearest-neighbour repetition by 3, then a 3-wide average of stride 1. At
 * the border the average excludes padding, which equals clamping. In 3D, repetition and cropping use 2D layers over
 * merged axes, because TensorFlow.js has no 3D ones. Throws CONFIG_INVALID if the size does not fit the network.
 */
export function kerasModel(choice: NetworkChoice, inputShape: Triple): object {
  const network = describeNetwork(choice);
  const shapes = nodeShapes(network, inputShape);
  const channels = nodeChannels(network);
  const writer = layerWriter(network);
  const values: Value[] = [];
  network.nodes.forEach((node, index) => {
    const [x, y, z] = shapes[index] as Triple;
    const sizes = network.dimensions === 2 ? [y, x] : [z, y, x];
    values.push(writer.node(node, values, { sizes, channels: channels[index] as number }));
  });
  const layers = writer.layers;
  const [first, last] = [layers[0], layers.at(-1)].map((layer) => [layer?.name ?? '', 0, 0]);
  const config = { name: choice.model, layers, input_layers: [first], output_layers: [last] };
  return { class_name: 'Model', config };
}

interface LayerWriter {
  readonly layers: readonly KerasLayer[];
  node(node: NetworkNode, values: readonly Value[], made: Omit<Value, 'layer'>): Value;
}

function layerWriter({ dimensions, upsampling }: Network): LayerWriter {
  const layers: KerasLayer[] = [];
  const each = (value: number): number[] => new Array<number>(dimensions).fill(value);

  function add(kind: string, inputs: readonly Value[], config: Readonly<Record<string, unknown>>): string {
    const name = typeof config.name === 'string' ? config.name : `${kind.toLowerCase()}_${String(layers.length)}`;
    const inbound = inputs.map(({ layer }) => [layer, 0, 0, {}] as const);
    const inbound_nodes = inbound.length === 0 ? [] : [inbound];
    layers.push({ class_name: kind, name, config: { trainable: true, ...config, name }, inbound_nodes });
    return name;
  }
  const read = (values: readonly Value[], index: number): Value => values[index] as Value;

  function convolution(node: ConvolutionNode, input: Value): string {
    const { name, filters, kernelSize } = node;
    const settings = { name, filters, kernel_size: each(kernelSize), strides: each(1), padding: 'same' };
    const config = { ...settings, data_format: 'channels_last', activation: 'linear', use_bias: true };
    const layer = add(`Conv${String(dimensions)}D`, [input], config);
    const linear = { ...input, layer };
    return node.activation === 'leakyRelu'
      ? add('LeakyReLU', [linear], { alpha: leakyReluSlope })
      : add('Activation', [linear], { name: 'probability', activation: 'sigmoid' });
  }

  function average(input: Value, stride: number, padding: 'same' | 'valid'): string {
    const config = { pool_size: each(levelFactor), strides: each(stride), padding, data_format: 'channels_last' };
    return add(`AveragePooling${String(dimensions)}D`, [input], config);
  }

  const reshape = (input: Value, sizes: Sizes, channels: number): Value => ({
    layer: add('Reshape', [input], { target_shape: [...sizes, channels] }),
    sizes,
    channels,
  });

  /** Applies a 2D layer along [y, x]; in 3D, along [z, y] with x and channels merged, then along x alone. */
  function alongAxes(input: Value, sizes: Sizes, layer2D: (one: Value, axes: 'both' | 'last') => string): Value {
    const { channels } = input;
    if (dimensions === 2) return { layer: layer2D(input, 'both'), sizes, channels };
    const [z = 0, y = 0, x = 0] = input.sizes;
    const [newZ = 0, newY = 0] = sizes;
    const rows = { ...input, layer: layer2D(reshape(input, [z, y], x * channels), 'both') };
    const columns = { ...input, layer: layer2D(reshape(rows, [newZ * newY, x], channels), 'last') };
    return reshape(columns, sizes, channels);
  }

  function crop(input: Value, sizes: Sizes): Value {
    const margin = ((input.sizes[0] ?? 0) - (sizes[0] ?? 0)) / 2;
    if (margin === 0) return input;
    return alongAxes(input, sizes, (one, axes) => {
      const cropping = [axes === 'last' ? [0, 0] : [margin, margin], [margin, margin]];
      return add('Cropping2D', [one], { cropping, data_format: 'channels_last' });
    });
  }

  function upsample(input: Value): string {
    const sizes = input.sizes.map((size) => levelFactor * size);
    const repeated = alongAxes(input, sizes, (one, axes) => {
      const size = [axes === 'last' ? 1 : levelFactor, levelFactor];
      return add('UpSampling2D', [one], { size, interpolation: 'nearest', data_format: 'channels_last' });
    });
    return average(repeated, 1, upsampling);
  }

  function layerOf(node: NetworkNode, values: readonly Value[], made: Omit<Value, 'layer'>): string {
    switch (node.kind) {
      case 'input': {
        const batch_input_shape = [null, ...made.sizes, made.channels];
        return add('InputLayer', [], { name: 'image', batch_input_shape, dtype: 'float32', sparse: false });
      }
      case 'convolution':
        return convolution(node, read(values, node.input));
      case 'pooling':
        return average(read(values, node.input), levelFactor, 'valid');
      case 'upsampling':
        return upsample(read(values, node.input));
      case 'cropping':
        return crop(read(values, node.input), made.sizes).layer;
      case 'merging':
        return add('Concatenate', [crop(read(values, node.skip), made.sizes), read(values, node.upsampled)], {
          axis: -1,
        });
    }
  }

  return { layers, node: (node, values, made) => ({ ...made, layer: layerOf(node, values, made) }) };
}
