/** Names an artifact: what work it is (`key`) and what bytes it has (`digest`), both SHA-256 in hexadecimal. */
export interface ArtifactRef {
  readonly step: string;
  readonly key: string;
  readonly digest: string;
}
