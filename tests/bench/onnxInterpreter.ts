/** Reads ONNX files of simple networks, and runs them on one image: plain loops, channels first. */

type Field = readonly [number: number, value: number | Uint8Array];
interface Value {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}
interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
interface Node {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: ReadonlyMap<string, readonly number[]>;
}
export interface Onnx {
  readonly operatorSet: number;
  readonly nodes: readonly Node[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  readonly input: Value;
  readonly output: Value;
}

/** A protobuf message's fields in order. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    for (let value = 0, unit = 1; ; unit *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [number, wire] = [tag >>> 3, tag & 7];
    if (wire === 0) fields.push([number, varint()]);
    else if (wire === 5) fields.push([number, view.getFloat32((at += 4) - 4, true)]);
    else if (wire === 2) {
      const length = varint();
      fields.push([number, bytes.subarray(at, (at += length))]);
    } else throw new Error(`Wire type ${wire}`);
  }
  if (at !== bytes.length) throw new Error('A field runs over the end of its message.');
  return fields;
}

class Message {
  readonly #fields: readonly Field[];

  constructor(bytes: Uint8Array) {
    this.#fields = fieldsOf(bytes);
  }

  numbers(field: number): number[] {
    return this.#fields.flatMap(([number, value]) => (number === field && typeof value === 'number' ? [value] : []));
  }

  bytes(field: number): Uint8Array[] {
    return this.#fields.flatMap(([number, value]) => (number === field && typeof value !== 'number' ? [value] : []));
  }

  texts(field: number): string[] {
    return this.bytes(field).map((bytes) => new TextDecoder().decode(bytes));
  }

  messages(field: number): Message[] {
    return this.bytes(field).map((bytes) => new Message(bytes));
  }
}

/** The numbers of the fields are those of onnx.proto. */
export function readOnnx(bytes: Uint8Array): Onnx {
  const model = new Message(bytes);
  const graph = model.messages(7)[0]!;
  const initializers = graph.messages(5).map((tensor): [string, Tensor] => {
    const raw = tensor.bytes(9)[0]!;
    return [tensor.texts(8)[0]!, { shape: tensor.numbers(1), data: new Float32Array(Uint8Array.from(raw).buffer) }];
  });
  return {
    operatorSet: model.messages(8)[0]!.numbers(2)[0]!,
    nodes: graph.messages(1).map((node) => ({
      type: node.texts(4)[0]!,
      inputs: node.texts(1),
      output: node.texts(2)[0]!,
      attributes: new Map(
        node
          .messages(5)
          .map((each) => [each.texts(1)[0]!, [...each.numbers(2), ...each.numbers(3), ...each.numbers(8)]]),
      ),
    })),
    initializers: new Map(initializers),
    input: valueOf(graph.messages(11)[0]!),
    output: valueOf(graph.messages(12)[0]!),
  };
}

function valueOf(value: Message): Value {
  const dimensions = value.messages(2)[0]!.messages(1)[0]!.messages(2)[0]!.messages(1);
  return { name: value.texts(1)[0]!, shape: dimensions.map((each) => each.numbers(1)[0] ?? each.texts(2)[0]!) };
}

/** The network's output for one image, [channels, height, width]. */
export function runOnnx(onnx: Onnx, image: Float32Array): Float32Array {
  const values = new Map<string, Tensor>(onnx.initializers);
  values.set(onnx.input.name, { shape: onnx.input.shape.slice(1).map(Number), data: image });
  for (const { type, inputs, output, attributes } of onnx.nodes) {
    const given = inputs.map((name) => values.get(name)!);
    values.set(
      output,
      operators[type]!(given, (name) => attributes.get(name)!),
    );
  }
  return values.get(onnx.output.name)!.data;
}

type Attributes = (name: string) => readonly number[];

const operators: Record<string, (inputs: readonly Tensor[], attributes: Attributes) => Tensor> = {
  Conv([x, kernel, bias], attributes) {
    const [channels] = x!.shape as [number];
    const [filters, , rows, columns] = kernel!.shape as [number, number, number, number];
    return windows(x!, filters, [rows, columns], attributes('strides'), (filter, pixel) => {
      let sum = bias?.data[filter] ?? 0;
      for (let channel = 0; channel < channels; channel++) {
        for (let i = 0; i < rows * columns; i++) {
          const weight = kernel!.data[(filter * channels + channel) * rows * columns + i]!;
          sum += weight * pixel(channel, Math.floor(i / columns), i % columns);
        }
      }
      return sum;
    });
  },
  MaxPool([x], attributes) {
    const [rows, columns] = attributes('kernel_shape') as [number, number];
    return windows(x!, x!.shape[0]!, [rows, columns], attributes('strides'), (channel, pixel) =>
      Math.max(
        ...Array.from({ length: rows * columns }, (_, i) => pixel(channel, Math.floor(i / columns), i % columns)),
      ),
    );
  },
  BatchNormalization([x, scale, shift, mean, variance], attributes) {
    const places = x!.data.length / x!.shape[0]!;
    const epsilon = attributes('epsilon')[0]!;
    return {
      shape: x!.shape,
      data: x!.data.map((value, i) => {
        const channel = Math.floor(i / places);
        const normal = (value - mean!.data[channel]!) / Math.sqrt(variance!.data[channel]! + epsilon);
        return normal * scale!.data[channel]! + shift!.data[channel]!;
      }),
    };
  },
  Gemm([x, kernel, bias]) {
    const columns = kernel!.shape[1]!;
    const data = Float32Array.from({ length: columns }, (_, column) =>
      x!.data.reduce((sum, value, row) => sum + value * kernel!.data[row * columns + column]!, bias?.data[column] ?? 0),
    );
    return { shape: [columns], data };
  },
  Flatten: ([x]) => ({ shape: [x!.data.length], data: x!.data }),
  Relu: ([x]) => ({ shape: x!.shape, data: x!.data.map((value) => Math.max(value, 0)) }),
  Softmax([x]) {
    const powers = x!.data.map((value) => Math.exp(value - Math.max(...x!.data)));
    const sum = powers.reduce((a, b) => a + b);
    return { shape: x!.shape, data: powers.map((value) => value / sum) };
  },
};

/** A value for each channel and place of a window without padding. */
function windows(
  { shape, data }: Tensor,
  channels: number,
  size: readonly [number, number],
  strides: readonly number[],
  compute: (channel: number, pixel: (channel: number, row: number, column: number) => number) => number,
): Tensor {
  const [, height, width] = shape as [number, number, number];
  const [down, right] = strides as [number, number];
  const outHeight = Math.floor((height - size[0]) / down) + 1;
  const outWidth = Math.floor((width - size[1]) / right) + 1;
  const result = new Float32Array(channels * outHeight * outWidth).map((_, i) => {
    const [row, column] = [Math.floor(i / outWidth) % outHeight, i % outWidth];
    return compute(
      Math.floor(i / outWidth / outHeight),
      (channel, y, x) => data[(channel * height + row * down + y) * width + column * right + x]!,
    );
  });
  return { shape: [channels, outHeight, outWidth], data: result };
}
