/** By which Temporal's page finds shared units: what each is called, and its type. A server may not know them. */
export const searchAttributes = {
  VolbiasStep: 'KEYWORD',
  VolbiasModel: 'KEYWORD',
  VolbiasLoss: 'KEYWORD',
  VolbiasFold: 'INT',
  VolbiasDataSet: 'KEYWORD',
} as const;
