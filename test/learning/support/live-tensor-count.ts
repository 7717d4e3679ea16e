import { createRequire } from 'node:module';

import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';

const load = createRequire(import.meta.url);
const binding = load('@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node') as TFJSBinding;

/** Tensors that live in TensorFlow now: equal before and after whatever disposes what it makes. */
export function liveTensorCount(): number {
  return binding.getNumOfTensors();
}
