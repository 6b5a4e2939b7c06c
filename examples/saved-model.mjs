// @ts-check
// Reads a saved model and shows the test images it is least sure of.
//   node examples/saved-model.mjs MODEL         a run's folder or a .safetensors file; default own-network.safetensors
//   node examples/saved-model.mjs MODEL 6000    on synthetic digits, as the trials of the other examples

import { loadModel, normalize, resolveDataset, rows } from 'cifra';

const [path = 'own-network.safetensors', count] = process.argv.slice(2);
const limit = Number(count) || undefined;
const { dataset } = await resolveDataset(limit ? 'synthetic' : 'auto', { limit });
const { images, labels } = dataset.test;

// A loaded model predicts as it is; compile it to evaluate, or to train on. The weights know nothing of how images
// were scaled for training: it must be done again here.
const model = await loadModel(path);
const { data, shape } = await model.predict(normalize(images));
const classes = shape[1] ?? 0;

const readings = Array.from(labels, (label, index) => {
  const probabilities = Array.from(data.subarray(index * classes, (index + 1) * classes));
  const confidence = Math.max(...probabilities);
  return { index, label, read: probabilities.indexOf(confidence), confidence };
});
const errors = readings.filter(({ label, read }) => label !== read);
console.log(`${labels.length} test images from ${dataset.source}, ${errors.length} misread. The least certain:`);

for (const { index, label, read, confidence } of readings.sort((a, b) => a.confidence - b.confidence).slice(0, 3)) {
  const pixels = Array.from(rows(images, index, index + 1).data, (ink) => ' ░▒▓█'[Math.ceil(ink / 64)]);
  for (let i = 0; i < 28; i++) console.log(pixels.slice(28 * i, 28 * i + 28).join(''));
  console.log(`Image ${index}: read as ${read} with probability ${confidence.toFixed(3)}, labelled ${label}.\n`);
}
await model.dispose();
