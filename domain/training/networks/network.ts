/**
 * A network as data: a list of nodes, each of which reads the values of earlier nodes by index. Node 0 is the input,
 * the last node the logits (one channel). Spatial sizes follow from the input's size (see node-shapes.ts), parameters
 * from the nodes in order (see parameter-layout.ts).
 */
export type Dimensions = 2 | 3;
export type ModelName = 'lr' | 'convnet' | 'unet';

/**
 * `same`: linear with half-pixel centres and clamped border, n → 3n. `valid`: nearest-neighbour repetition by 3 and a
 * 3-wide average without padding, n → 3n − 2; it equals the interior of `same`.
 */
export type Upsampling = 'same' | 'valid';

/** Everything that a network's description depends on. */
export interface NetworkChoice {
  readonly model: ModelName;
  readonly dimensions: Dimensions;
  /** Input channels (modalities), at least 1. */
  readonly channels: number;
  readonly upsampling: Upsampling;
}

/** Zero-padded ("same") convolution with bias; kernel 1 or 3 along every axis. */
export interface ConvolutionNode {
  readonly kind: 'convolution';
  readonly input: number;
  readonly name: string;
  readonly filters: number;
  readonly kernelSize: 1 | 3;
  readonly activation: 'leakyRelu' | 'none';
}

/** Average pooling over blocks of 3 along every axis, n → n / 3. */
export interface PoolingNode {
  readonly kind: 'pooling';
  readonly input: number;
}

export interface UpsamplingNode {
  readonly kind: 'upsampling';
  readonly input: number;
}

/** The skip connection: channels [skip, up-sampled], the skip centre-cropped to the up-sampled size. */
export interface MergingNode {
  readonly kind: 'merging';
  readonly skip: number;
  readonly upsampled: number;
}

/** Removes `margin` voxels from both ends of every axis. */
export interface CroppingNode {
  readonly kind: 'cropping';
  readonly input: number;
  readonly margin: number;
}

export type NetworkNode =
  { readonly kind: 'input' } | ConvolutionNode | PoolingNode | UpsamplingNode | MergingNode | CroppingNode;

export interface Network extends NetworkChoice {
  readonly nodes: readonly NetworkNode[];
  /** Every spatial size of the input must be a multiple of this. */
  readonly sizeMultiple: number;
  /** Minimum spatial size of the input. */
  readonly minimumSize: number;
}

/** Slope of the leaky ReLU for negative inputs. */
export const leakyReluSlope = 0.01;

/** Factor of pooling and up-sampling. */
export const levelFactor = 3;

/**
 * Voxels by which the U-Net's output is smaller than its input at each end of an axis with `valid` up-sampling: three
 * levels lose 1, 3·1 + 1 = 4 and 3·4 + 1 = 13, so 162 → 136.
 */
export const validMargin = 13;

/** Indices of the nodes that a node reads, in order. */
export function nodeInputs(node: NetworkNode): readonly number[] {
  switch (node.kind) {
    case 'input':
      return [];
    case 'merging':
      return [node.skip, node.upsampled];
    default:
      return [node.input];
  }
}
