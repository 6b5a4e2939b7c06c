// Writes a network for inference as an ONNX file (operator set 17), which is a protobuf message:
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has the numbers of the fields. Batch normalization stays a node of
// its own: whether it is folded into the convolutions is the runtime's affair.
import { Buffer } from 'node:buffer';

/** A message's fields in order, [number, value]: a whole number is a varint, anything else is bytes with their length. */
function message(...fields) {
  const parts = fields.map(([number, value]) => {
    if (typeof value === 'number') return [varint(number << 3), varint(value)];
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    return [varint((number << 3) | 2), varint(bytes.length), bytes];
  });
  return Buffer.concat(parts.flat());
}

/** Of a whole number from 0 up: seven bits a byte, the lowest first. */
function varint(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}

/** The field of protobuf type float, which is four bytes without a length. */
const float = (number, value) => Buffer.concat([varint((number << 3) | 5), Buffer.from(Float32Array.of(value).buffer)]);

const [FLOAT, INT, INTS] = [1, 2, 7]; // AttributeProto.AttributeType

const attribute = {
  float: (name, value) => Buffer.concat([message([1, name], [20, FLOAT]), float(2, value)]),
  int: (name, value) => message([1, name], [20, INT], [3, value]),
  ints: (name, values) => message([1, name], [20, INTS], ...values.map((value) => [8, value])),
};

/** An input or output of type f32 [N, ...shape]. */
function value(name, shape) {
  const dimensions = [message([2, 'N']), ...shape.map((size) => message([1, size]))];
  const tensorType = message([1, 1], [2, message(...dimensions.map((dimension) => [1, dimension]))]);
  return message([1, name], [2, message([1, tensorType])]);
}

function tensor(name, { shape, data }) {
  const bytes = Buffer.alloc(data.length * 4);
  data.forEach((number, i) => bytes.writeFloatLE(number, i * 4));
  return message(...shape.map((size) => [1, size]), [2, 1], [8, name], [9, bytes]);
}

/**
 * An ONNX model's bytes: one input, `images` [N, channels, height, width], and one output, what the last layer gives.
 * @param layers as `channelsFirst` gives them
 * @throws Error on an activation that this does not know
 */
export function onnxModel(layers) {
  const nodes = [];
  const initializers = [];
  let last = 'images';

  const node = (type, name, inputs, attributes = []) => {
    const fields = [last, ...inputs].map((input) => [1, input]);
    last = name;
    nodes.push(message(...fields, [2, name], [3, name], [4, type], ...attributes.map((each) => [5, each])));
  };
  const activation = ({ name, activation: { type } = { type: 'linear' } }) => {
    if (type === 'relu') node('Relu', `${name}/relu`, []);
    else if (type === 'softmax') node('Softmax', `${name}/softmax`, [], [attribute.int('axis', 1)]);
    else if (type !== 'linear') throw new Error(`The activation "${type}" is not written here yet.`);
  };
  const weights = ({ name, tensors }) =>
    Object.entries(tensors).map(([weight, values]) => {
      initializers.push(tensor(`${name}/${weight}`, values));
      return `${name}/${weight}`;
    });

  for (const layer of layers) {
    const { type, name } = layer;
    if (type === 'conv2d') {
      node('Conv', name, weights(layer), [
        attribute.ints('kernel_shape', layer.kernelSize),
        attribute.ints('strides', layer.strides),
      ]);
      activation(layer);
    } else if (type === 'maxPooling2d') {
      node(
        'MaxPool',
        name,
        [],
        [attribute.ints('kernel_shape', layer.poolSize), attribute.ints('strides', layer.strides ?? layer.poolSize)],
      );
    } else if (type === 'batchNormalization') {
      node('BatchNormalization', name, weights(layer), [attribute.float('epsilon', layer.epsilon)]);
    } else if (type === 'flatten') {
      node('Flatten', name, [], [attribute.int('axis', 1)]);
    } else if (type === 'dense') {
      node('Gemm', name, weights(layer));
      activation(layer);
    } // dropout does nothing in inference
  }

  const graph = message(
    ...nodes.map((each) => [1, each]),
    [2, 'network'],
    ...initializers.map((each) => [5, each]),
    [11, value('images', layers[0].inputShape)],
    [12, value(last, layers.at(-1).outputShape)],
  );
  return message([1, 8], [2, 'cifra'], [7, graph], [8, message([1, ''], [2, 17])]);
}
