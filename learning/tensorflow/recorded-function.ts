import { graphDefinition, type AttributeValue, type GraphNode } from './graph-definition.js';
import {
  defineFunction,
  execute,
  readValues,
  typeNumbers,
  type Attribute,
  type Execution,
  type Tensor,
} from './tensorflow.js';

/** A function of tensors that one call of TensorFlow runs; the caller disposes what it returns. */
export type RecordedFunction = (inputs: readonly Tensor[]) => readonly Tensor[];

export interface Recording {
  /** The kernels to repeat, in order. */
  readonly executions: readonly Execution[];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

let defined = 0;

/**
 * The function that repeats recorded kernels, with other values of the same shapes as inputs. Tensors that it neither
 * receives nor makes become constants: they must still live. Kernels run one after another in the recorded order, and
 * values are freed after their last reader.
 */
export function recordedFunction({ executions, inputs, outputs }: Recording): RecordedFunction {
  const nodes: GraphNode[] = [];
  const places = new Map<number, string>();
  const add = (tensors: readonly Tensor[], node: Omit<GraphNode, 'name'>): void => {
    const name = `n${String(nodes.length)}`;
    nodes.push({ name, ...node });
    tensors.forEach(({ id }, output) => places.set(id, `${name}:${String(output)}`));
  };
  const floats: AttributeValue = { kind: 'type', value: typeNumbers.float };
  for (const input of inputs) {
    const shape: AttributeValue = { kind: 'shape', value: input.shape };
    add([input], { kernel: 'Placeholder', inputs: [], attributes: { dtype: floats, shape } });
  }
  const placeOf = (tensor: Tensor): string => {
    if (!places.has(tensor.id)) add([tensor], constantNode(tensor));
    return places.get(tensor.id) as string;
  };
  let previous: readonly string[] = [];
  for (const { kernel, attributes, inputs: read, outputs: made } of executions) {
    const named = Object.fromEntries(attributes.map((attribute) => [attribute.name, attributeValue(attribute)]));
    add(made, { kernel, inputs: [...read.map(placeOf), ...previous], attributes: named });
    previous = [`^n${String(nodes.length - 1)}`];
  }
  defined += 1;
  const name = `volbias_function_${String(defined)}`;
  defineFunction(name, graphDefinition(nodes), inputs.map(placeOf), outputs.map(placeOf));
  return (values) => execute(name, [], values, outputs.length);
}

function constantNode(tensor: Tensor): Omit<GraphNode, 'name'> {
  const values = readValues(tensor);
  const type = values instanceof Int32Array ? typeNumbers.integer : typeNumbers.float;
  const value: AttributeValue = { kind: 'tensor', value: { type, shape: tensor.shape, values } };
  return { kernel: 'Const', inputs: [], attributes: { dtype: { kind: 'type', value: type }, value } };
}

function attributeValue({ type, value }: Attribute): AttributeValue {
  const kind = typeNumbers.attribute[type];
  const plural = Array.isArray(value) && kind !== 'shape' ? 's' : '';
  return { kind: `${String(kind)}${plural}`, value } as AttributeValue;
}
