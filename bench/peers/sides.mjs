// Who is measured, on what, and how a side is started: a process of its own, which works only when it is told to.
import { join } from 'node:path';

export const BATCH = 128;
/** TensorFlow.js on its cpu backend takes minutes for a step of 128 images. */
const SMALL_BATCH = 8;

const root = join(import.meta.dirname, '../..');
export const peersFolder = join(root, '.cache/peers');

const npmPeers = ['@tensorflow/tfjs@4.22.0', '@tensorflow/tfjs-backend-wasm@4.22.0', 'onnxruntime-node@1.30.0'];
// No scripts: the one of onnxruntime-node fetches what a GPU needs; all that a processor needs is in the package.
const npmInstall = `npm install --ignore-scripts --no-audit --no-fund --prefix .cache/peers ${npmPeers.join(' ')}`;
const python = '.cache/peers/python';
const pythonInstall = `python3 -m venv ${python} && ${python}/bin/pip install torch==2.13.0 (or, on Debian: apt-get install python3-torch libopenblas0-openmp)`;

const here = (file) => join(import.meta.dirname, file);
const node = (file) => [[process.execPath, here(file)]];
const pythons = [process.env.PYTHON, join(root, python, 'bin/python'), 'python3', '/usr/bin/python3'];

export const measures = [
  { name: 'training', short: 'training', title: `Training, batch ${BATCH}`, unit: 'images/s', isTime: false },
  { name: 'inference', short: 'inference', title: `Inference, batch ${BATCH}`, unit: 'images/s', isTime: false },
  { name: 'one', short: 'one image', title: 'One image, median', unit: 'ms', isTime: true },
];

const cifra = { isCifra: true, commands: node('cifra.mjs') };
const pytorch = { commands: pythons.filter(Boolean).map((each) => [each, here('pytorch.py')]), install: pythonInstall };
const tfjs = { commands: node('tfjs.mjs'), install: npmInstall };

/**
 * `settings` go to the process; `commands` are tried until one has the peer; `lacks` says why a measure is left out;
 * `windows` is how many windows a side that is too slow for more takes part in.
 */
export const sides = [
  { name: 'cifra-strict', title: 'Cifra, strict', ...cifra, settings: { numerics: 'strict' } },
  { name: 'cifra-relaxed', title: 'Cifra, relaxed', ...cifra, settings: { numerics: 'relaxed' } },
  { name: 'pytorch-default', title: 'PyTorch', ...pytorch, settings: { channelsLast: false } },
  { name: 'pytorch-channels-last', title: 'PyTorch, channels last', ...pytorch, settings: { channelsLast: true } },
  {
    name: 'onnxruntime',
    title: 'ONNX Runtime',
    commands: node('onnxruntime.mjs'),
    install: npmInstall,
    settings: {},
    lacks: { training: 'none, it is for inference' },
  },
  { name: 'tfjs-wasm', title: 'TensorFlow.js, wasm', ...tfjs, settings: { backend: 'wasm' } },
  {
    name: 'tfjs-cpu',
    title: 'TensorFlow.js, cpu',
    ...tfjs,
    settings: { backend: 'cpu', trainingBatch: SMALL_BATCH },
    notes: { training: `at batch ${SMALL_BATCH}` },
    windows: 2,
  },
];
