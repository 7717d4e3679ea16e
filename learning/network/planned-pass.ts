import type { Network } from '../../domain/training/networks/network.js';
import { reshape } from '../tensorflow/kernels.js';
import { recordedFunction, type RecordedFunction } from '../tensorflow/recorded-function.js';
import { definesFunctions, dispose, watched, type Execution, type Tensor } from '../tensorflow/tensorflow.js';
import { entryCount } from '../tensorflow/tensors.js';
import { vectorPass, type VectorForwardPass, type VectorPass } from './vector-pass.js';

/** Up to this many numbers of input, calls cost a noticeable part of a pass; beyond, keeping values would cost memory. */
const largestInput = 2 ** 17;
/** Fewer nodes gain nothing. */
const fewestNodes = 5;
/** Defining a function takes as long as it saves in some tens of passes, so that a few passes go without. */
const passesWithout = 8;

/** The passes for inputs of one shape, each as one call. */
interface Plan {
  forward(this: void, flat: Tensor, input: Tensor): VectorForwardPass;
}

/**
 * `vectorPass` with small passes as one call of TensorFlow each: a pass of each input shape is recorded, after the given
 * number of passes of that shape. The same kernels run on the same values, so the results have the same bytes.
 */
export function plannedPass(network: Network, without = passesWithout): VectorPass {
  const plain = vectorPass(network);
  const predictions = afterSome<RecordedFunction>(without);
  const plans = afterSome<Plan>(without);
  const gains = (input: Tensor): boolean =>
    definesFunctions && network.nodes.length >= fewestNodes && entryCount(input.shape) <= largestInput;
  return {
    predict: (flat, input) => {
      const run = gains(input) ? predictions(input, () => predictionPlan(plain, flat, input)) : undefined;
      return run === undefined ? plain.predict(flat, input) : (run([flat, input])[0] as Tensor);
    },
    forward: (flat, input) => {
      const plan = gains(input) ? plans(input, () => trainingPlan(plain, flat, input)) : undefined;
      return (plan ?? plain).forward(flat, input);
    },
  };
}

/** What is made for each shape of input once it has come more than `without` times. */
function afterSome<T>(without: number): (input: Tensor, make: () => T) => T | undefined {
  const made = new Map<string, T>();
  const times = new Map<string, number>();
  return ({ shape }, make) => {
    const key = shape.join();
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    if (time === without + 1) made.set(key, make());
    return made.get(key);
  };
}

function predictionPlan(plain: VectorPass, flat: Tensor, input: Tensor): RecordedFunction {
  const executions: Execution[] = [];
  const logits = watched((one) => executions.push(one), () => plain.predict(flat, input)); // prettier-ignore
  const run = recordedFunction({ executions, inputs: [flat, input], outputs: [logits] });
  dispose(logits);
  return run;
}

function trainingPlan(plain: VectorPass, flat: Tensor, input: Tensor): Plan {
  const [ahead, back]: [Execution[], Execution[]] = [[], []];
  const pass = watched((one) => ahead.push(one), () => plain.forward(flat, input)); // prettier-ignore
  const { logits } = pass;
  // Its values are of no importance.
  const logitsGradient = reshape(logits, logits.shape);
  const gradient = watched((one) => back.push(one), () => pass.backward(logitsGradient)); // prettier-ignore
  const made = new Set(ahead.flatMap(({ outputs }) => outputs.map(({ id }) => id)));
  const read = new Map(back.flatMap(({ inputs }) => inputs.map((tensor) => [tensor.id, tensor] as const)));
  const kept = [...read.values()].filter(({ id }) => made.has(id));
  const forward = recordedFunction({ executions: ahead, inputs: [flat, input], outputs: [logits, ...kept] });
  const backward = recordedFunction({
    executions: back,
    inputs: [flat, input, logitsGradient, ...kept],
    outputs: [gradient],
  });
  dispose(gradient);
  return {
    forward: (vector, images) => {
      const [result, ...values] = forward([vector, images]) as [Tensor, ...Tensor[]];
      return {
        logits: result,
        backward: (ofLogits) => {
          const [ofVector] = backward([vector, images, ofLogits, ...values]) as [Tensor];
          dispose(result, ofLogits, ...values);
          return ofVector;
        },
      };
    },
  };
}
