// A network's weights the way ONNX and PyTorch want them. Cifra, like Keras, keeps images as [height, width, channels] and
// kernels as [height, width, in, out]; there it is [channels, height, width] and [out, in, height, width]. After a flatten
// layer the features therefore come in another order, which what follows has to take them in.

/**
 * The layers of a network's configuration, each with its weights as `tensors`: { kernel: { shape, data }, ... }. Kernels of
 * dense layers stay [in, out]. Shapes of images are given on as `inputShape` and `outputShape`, channels first.
 * @throws Error on a layer, or an option of one, that this does not know
 */
export function channelsFirst(network, weights) {
  let shape = network.layers[0].inputShape; // [height, width, channels], or [features] after a flatten
  let order; // feature i here is feature order[i] of ours; undefined where both are the same
  return network.layers.map((layer) => {
    const inputShape = firstChannels(shape);
    const tensors = {};
    const take = (name, size, arrange) => {
      const data = weights.get(`${layer.name}/${name}`);
      if (data) tensors[name] = { shape: size, data: arrange ? arrange(data) : data };
    };
    switch (layer.type) {
      case 'conv2d': {
        const [height, width, channels] = shape;
        const [kernelHeight, kernelWidth] = layer.kernelSize;
        if (layer.padding !== 'valid') throw unknown(layer, 'padding');
        const outwards = (data) => kernelOutwards(data, kernelHeight * kernelWidth, channels, layer.filters);
        take('kernel', [layer.filters, channels, kernelHeight, kernelWidth], outwards);
        take('bias', [layer.filters]);
        shape = [...windows([height, width], layer.kernelSize, layer.strides), layer.filters];
        break;
      }
      case 'maxPooling2d':
        if (layer.padding !== 'valid') throw unknown(layer, 'padding');
        shape = [...windows(shape, layer.poolSize, layer.strides ?? layer.poolSize), shape[2]];
        break;
      case 'batchNormalization': {
        const size = [shape.at(-1)];
        const ordered = order && ((data) => Float32Array.from(order, (from) => data[from]));
        if (!layer.scale || !layer.center) throw unknown(layer, layer.scale ? 'center' : 'scale');
        for (const name of ['gamma', 'beta', 'moving_mean', 'moving_variance']) take(name, size, ordered);
        break;
      }
      case 'flatten':
        order = shape.length === 3 ? flattenedOrder(shape) : order;
        shape = [shape.reduce((product, size) => product * size)];
        break;
      case 'dense': {
        const rows = order && ((data) => rowsInOrder(data, order, layer.units));
        take('kernel', [shape[0], layer.units], rows);
        take('bias', [layer.units]);
        [shape, order] = [[layer.units], undefined];
        break;
      }
      case 'dropout':
        break;
      default:
        throw unknown(layer, 'type');
    }
    return { ...layer, inputShape, outputShape: firstChannels(shape), tensors };
  });
}

function unknown(layer, option) {
  return new Error(`The layer "${layer.name}" has ${option} "${layer[option]}", which is not written here yet.`);
}

const firstChannels = (shape) => (shape.length === 3 ? [shape[2], shape[0], shape[1]] : shape);

function windows([height, width], [rows, columns], [down, right]) {
  return [Math.floor((height - rows) / down) + 1, Math.floor((width - columns) / right) + 1];
}

/** [places, in, out] to [out, in, places]. */
function kernelOutwards(data, places, channels, filters) {
  const result = new Float32Array(data.length);
  for (let place = 0; place < places; place++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let filter = 0; filter < filters; filter++) {
        result[(filter * channels + channel) * places + place] = data[(place * channels + channel) * filters + filter];
      }
    }
  }
  return result;
}

/** Of every feature of a flattened [channels, height, width], which one it is of the flattened [height, width, channels]. */
function flattenedOrder([height, width, channels]) {
  const places = height * width;
  return Array.from({ length: places * channels }, (_, i) => (i % places) * channels + Math.floor(i / places));
}

function rowsInOrder(data, order, columns) {
  const result = new Float32Array(data.length);
  order.forEach((from, to) => result.set(data.subarray(from * columns, (from + 1) * columns), to * columns));
  return result;
}
