// The same in a page, which gets MNIST's images from the server.
import { train } from './train.mjs';

async function bytesOf(file) {
  return new Uint8Array(await (await fetch(`/mnist/${file}`)).arrayBuffer());
}

async function part(name) {
  const [data, labels] = [await bytesOf(`${name}-images`), await bytesOf(`${name}-labels`)];
  return { images: { data, shape: [labels.length, 28, 28, 1] }, labels };
}

const mnist = async () => ({ train: await part('train'), test: await part('test') });
globalThis.train = (name, threads) => train(name, threads, mnist);
