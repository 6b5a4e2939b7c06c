// @ts-check
// A network of your own, chosen on held-out images, with the test images read once at the end; then saved.
//   npm run build && node examples/own-network.mjs         on MNIST, or on synthetic digits where it cannot be had
//   npm run build && node examples/own-network.mjs 6000    a trial on 6,000 synthetic digits
// It writes own-network.safetensors into the current folder; examples/saved-model.mjs reads it.

import { activations, batchNormalization, conv2d, dense, dropout, globalAveragePooling2d, l2, sequential } from 'cifra';
import { adamW, cosineDecay, earlyStopping, sparseCategoricalCrossentropy } from 'cifra';
import { imageDataGenerator, normalize, resolveDataset, saveModel, splitTrain } from 'cifra';

const limit = Number(process.argv[2]) || undefined;
const { dataset, notice } = await resolveDataset(limit ? 'synthetic' : 'auto', { limit });
console.log(notice ?? dataset.source);

// One image in ten is held out, as many of every class; whatever is chosen is chosen on these.
const seed = 7;
const { train, validation } = splitTrain(dataset.train, { validation: 0.1, seed, stratified: true });

// No pooling and no dense layer of any size: strides halve the image, and the mean over what is left decides.
const activation = activations.leakyRelu({ alpha: 0.1 });
/** @param {number} filters @param {number} strides */
const block = (filters, strides) => [
  conv2d({ filters, kernelSize: 3, strides, padding: 'same', useBias: false, kernelRegularizer: l2(1e-5), activation }),
  batchNormalization({ momentum: 0.9 }),
];
const model = sequential(
  [
    conv2d({ filters: 16, kernelSize: 5, padding: 'same', activation, inputShape: [28, 28, 1] }),
    ...block(32, 2),
    ...block(48, 2),
    ...block(64, 1),
    globalAveragePooling2d(),
    dropout({ rate: 0.1 }),
    dense({ units: 10, activation: 'softmax', name: 'classes' }),
  ],
  { name: 'strided', seed },
);
console.log(model.summary());

// The rate falls along half a cosine over all steps. This loss takes class numbers: no one-hot rows are needed.
const [epochs, batchSize] = [6, 64];
const decaySteps = epochs * Math.ceil(train.labels.length / batchSize);
model.compile({
  optimizer: adamW({ learningRate: cosineDecay({ initialLearningRate: 3e-3, decaySteps }), weightDecay: 0.01 }),
  loss: sparseCategoricalCrossentropy({ labelSmoothing: 0.05 }),
  metrics: ['accuracy'],
});
await model.fit(normalize(train.images), train.labels, {
  epochs,
  batchSize,
  augmentation: imageDataGenerator({ rotationRange: 10, widthShiftRange: 3, heightShiftRange: 3, zoomRange: 0.1 }),
  validationData: [normalize(validation.images), validation.labels],
  callbacks: [
    earlyStopping({ monitor: 'valLoss', patience: 1, restoreBestWeights: true }),
    { onEpochEnd: ({ epoch, loss, valAccuracy }) => console.log({ epoch, loss, valAccuracy }) },
  ],
});

console.log('Test images:', await model.evaluate(normalize(dataset.test.images), dataset.test.labels));
await saveModel(model, 'own-network.safetensors', { classNames: dataset.classNames });
await model.dispose();
