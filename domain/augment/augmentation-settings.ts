/**
 * Ranges and probabilities of the augmentation. Every part can be switched off (0, [1, 1], 'none' or probability 0).
 */
export interface AugmentationSettings {
  /** Standard deviation of the rotation in the x-y plane. */
  readonly rotationInPlaneDegrees: number;
  /** Standard deviation of the rotations about x and y; 3D only. */
  readonly rotationOtherAxesDegrees: number;
  /** Bounds of the uniform isotropic scale; the image grows above 1. */
  readonly scale: readonly [number, number];
  /** Standard deviation along each axis; `auto`: in proportion to the crop (`withMovement`), like the elastic field. */
  readonly translationVoxels: number | 'auto';
  readonly elastic: 'none' | 'auto' | ElasticSettings;
  /** Probability of mirroring x. */
  readonly flipLeftRightProbability: number;
  readonly gamma: {
    readonly range: readonly [number, number];
    readonly probability: number;
    /** Of a modality's tissue: gamma changes the values between these two. From 0 to 100, in ascending order. */
    readonly percentiles: readonly [number, number];
  };
  /** Standard deviation of the offset added to a modality, in units of its normalised intensities. */
  readonly intensityShift: number;
  /** Standard deviation, around 1, of a modality's factor. */
  readonly intensityScale: number;
}

export interface ElasticSettings {
  /** Distance between control points. */
  readonly gridSpacingVoxels: number;
  /** Bounds of the uniform expected root mean square shift of an image, per axis. */
  readonly shiftVoxels: readonly [number, number];
  /** Standard deviation of the Gaussian that smooths the shifts. */
  readonly smoothingVoxels: number;
}
