/** What augmentation draws; every part can be off (0, [1, 1], 'none' or probability 0). */
export interface AugmentationSettings {
  /** Standard deviation of the rotation in the x-y plane. */
  readonly rotationInPlaneDegrees: number;
  /** Standard deviation of the rotations round x and round y; 3D only. */
  readonly rotationOtherAxesDegrees: number;
  /** The isotropic scale is uniform between these; above 1 the image grows. */
  readonly scale: readonly [number, number];
  /** Standard deviation along each axis. */
  readonly translationVoxels: number;
  readonly elastic: 'none' | ElasticSettings;
  /** Mirrors x. */
  readonly flipLeftRightProbability: number;
  readonly gamma: { readonly range: readonly [number, number]; readonly probability: number };
  /** Standard deviation of what is added to a modality, in units of its normalised intensities. */
  readonly intensityShift: number;
  /** Standard deviation round 1 of the factor of a modality. */
  readonly intensityScale: number;
}

export interface ElasticSettings {
  /** Distance of the control points. */
  readonly gridSpacingVoxels: number;
  /** The root mean square shift that is expected of an image, per axis, is uniform between these. */
  readonly shiftVoxels: readonly [number, number];
  /** Standard deviation of the Gaussian that smooths the shifts. */
  readonly smoothingVoxels: number;
}
