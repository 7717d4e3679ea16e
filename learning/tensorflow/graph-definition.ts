/**
 * TensorFlow's GraphDef as bytes: protocol buffers written by hand, as far as graphs of our kernels need them. The
 * numbers of the fields are those of graph.proto, node_def.proto, attr_value.proto and tensor.proto, which never change.
 */
export type AttributeValue =
  | { readonly kind: 'float' | 'integer' | 'type'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'integers' | 'shape'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: ConstantValue };

export interface ConstantValue {
  /** TensorFlow's number of the type. */
  readonly type: number;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

export interface GraphNode {
  readonly name: string;
  readonly kernel: string;
  /** `node:output`, or `^node` for one that must have run before. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A version of graphs that every TensorFlow since 2.4 reads in the same way. */
const producer = 987;

export function graphDefinition(nodes: readonly GraphNode[]): Uint8Array {
  const versions = message(4, [number(1, producer)]);
  return Buffer.concat([...nodes.map((node) => message(1, nodeFields(node))), versions]);
}

function nodeFields({ name, kernel, inputs, attributes }: GraphNode): readonly Buffer[] {
  const entries = Object.entries(attributes).map(([key, value]) =>
    message(5, [text(1, key), message(2, attributeFields(value))]),
  );
  return [text(1, name), text(2, kernel), ...inputs.map((input) => text(3, input)), ...entries];
}

function attributeFields(attribute: AttributeValue): readonly Buffer[] {
  switch (attribute.kind) {
    case 'integers':
      return [message(1, [bytes(3, Buffer.concat(attribute.value.map(varint)))])];
    case 'strings':
      return [
        message(
          1,
          attribute.value.map((value) => text(2, value)),
        ),
      ];
    case 'string':
      return [text(2, attribute.value)];
    case 'integer':
      return [number(3, attribute.value)];
    case 'float':
      return [float(4, attribute.value)];
    case 'boolean':
      return [number(5, attribute.value ? 1 : 0)];
    case 'type':
      return [number(6, attribute.value)];
    case 'shape':
      return [message(7, dimensions(attribute.value))];
    case 'tensor': {
      const { type, shape, values } = attribute.value;
      const content = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
      return [message(8, [number(1, type), message(2, dimensions(shape)), bytes(4, content)])];
    }
  }
}

const dimensions = (shape: readonly number[]): readonly Buffer[] => shape.map((size) => message(2, [number(1, size)]));

function varint(value: number): Buffer {
  const parts: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    parts.push(rest === 0n ? low : low | 128);
  } while (rest !== 0n);
  return Buffer.from(parts);
}

const tag = (field: number, wireType: number): Buffer => varint(field * 8 + wireType);
const number = (field: number, value: number): Buffer => Buffer.concat([tag(field, 0), varint(value)]);
const bytes = (field: number, value: Uint8Array): Buffer => Buffer.concat([tag(field, 2), varint(value.length), value]);
const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value));
const message = (field: number, fields: readonly Buffer[]): Buffer => bytes(field, Buffer.concat(fields));

function float(field: number, value: number): Buffer {
  const four = Buffer.alloc(4);
  four.writeFloatLE(value);
  return Buffer.concat([tag(field, 5), four]);
}
