/** Identifies an artifact by the work that made it (`key`) and by its bytes (`digest`), both SHA-256 in hexadecimal. */
export interface ArtifactRef {
  readonly step: string;
  readonly key: string;
  readonly digest: string;
}
