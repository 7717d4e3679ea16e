import type { MetricName } from '../../evaluate/metrics.js';
import type { VolumeUnit } from '../../evaluate/voxel-size.js';

/** A data set of Bertels et al. 2019. */
export type PaperDataSet = 'MOLARS' | 'BRATS 2018' | 'ISLES 2017' | 'ISLES 2018';

/** What the paper reports of a data set. */
export interface Published {
  readonly unit: VolumeUnit;
  readonly cases: number;
  /** By metric: the means of LR with CE and SD, of ConvNet with CE and SD, and of U-Net with CE and SD. */
  readonly means: Readonly<Partial<Record<MetricName, readonly (number | null)[]>>>;
}

/** The arms of `means`, in their order. */
export const publishedArms = ['lr', 'convnet', 'unet'].flatMap((model) =>
  ['ce', 'sd'].map((loss) => ({ model, loss })),
);

/**
 * Table 1 of Bertels et al. 2019, and the Dice scores of the U-Nets in its text (section 4). Volume errors are in ml, and of
 * MOLARS in 10² pixels. The paper does not state numbers of cases: those of the challenges are the sizes of their training sets, which it
 * used; its authors' code has 400 of MOLARS.
 */
export const published: Readonly<Record<PaperDataSet, Published>> = {
  MOLARS: {
    unit: 'hundredPixels',
    cases: 400,
    means: {
      crossEntropy: [0.24, 5.534, 0.194, 1.456, 0.024, 0.103],
      softDiceScore: [0.068, 0.153, 0.15, 0.27, 0.865, 0.931],
      volumeError: [-0.069, 302.3, -0.276, 87.09, 0.092, -0.187],
      dice: [null, null, null, null, 0.924, 0.932],
    },
  },
  'BRATS 2018': {
    unit: 'ml',
    cases: 285,
    means: {
      crossEntropy: [0.039, 0.173, 0.03, 0.069, 0.012, 0.027],
      softDiceScore: [0.08, 0.355, 0.196, 0.715, 0.585, 0.82],
      volumeError: [-2.841, 276.4, 3.936, 19.93, -6.778, -1.905],
      dice: [null, null, null, null, 0.763, 0.826],
    },
  },
  'ISLES 2017': {
    unit: 'ml',
    cases: 43,
    means: {
      crossEntropy: [0.025, 0.155, 0.018, 0.069, 0.014, 0.066],
      softDiceScore: [0.099, 0.255, 0.114, 0.321, 0.188, 0.34],
      volumeError: [15.71, 82.42, -4.227, 23.83, -2.875, 13.44],
      dice: [null, null, null, null, 0.177, 0.343],
    },
  },
  'ISLES 2018': {
    unit: 'ml',
    cases: 94,
    means: {
      crossEntropy: [0.055, 0.225, 0.044, 0.139, 0.029, 0.128],
      softDiceScore: [0.136, 0.329, 0.2, 0.449, 0.362, 0.518],
      volumeError: [0.773, 34.03, -0.374, 12.44, -0.878, 5.442],
      dice: [null, null, null, null, 0.454, 0.527],
    },
  },
};
