import { attribute, dispose, execute, executeOne, floatTensor, readFloats, type Tensor } from './tensorflow.js';

/** A float32 vector that kernels update in place. */
export interface Variable {
  /** The resource handle for kernels that update the variable. */
  readonly handle: Tensor;
  /** The current values. Dispose them before the next update; otherwise TensorFlow copies them. */
  read(): Tensor;
  values(): Float32Array;
  assign(values: Float32Array): void;
  dispose(): void;
}

const floats = [attribute.floatType('dtype')];
let created = 0;

export function variable(initial: Float32Array): Variable {
  created += 1;
  const shape = [initial.length];
  const handle = executeOne(
    'VarHandleOp',
    [
      ...floats,
      attribute.shape('shape', shape),
      attribute.string('container', ''),
      attribute.string('shared_name', `volbias-variable-${String(created)}`),
    ],
    [],
  );
  const read = (): Tensor => executeOne('ReadVariableOp', floats, [handle]);
  const assign = (values: Float32Array): void => {
    // A copy, because a tensor may share the array's memory, and updates change the variable's in place.
    const tensor = floatTensor(shape, values.slice());
    execute('AssignVariableOp', [...floats, attribute.boolean('validate_shape', false)], [handle, tensor], 0);
    dispose(tensor);
  };
  assign(initial);
  return {
    handle,
    read,
    assign,
    values: () => {
      const tensor = read();
      const values = readFloats(tensor);
      dispose(tensor);
      return values;
    },
    dispose: () => {
      execute('DestroyResourceOp', [attribute.boolean('ignore_lookup_error', false)], [handle], 0);
      dispose(handle);
    },
  };
}
