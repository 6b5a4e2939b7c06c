import { describe, expect, it } from 'vitest';
import { Network } from '../nn/index.js';
import { changeRecipe, epochsOf, imagesPerEpoch, type Recipe, recipeFrom } from './recipe.js';
import { recipes } from './recipes/index.js';

const seed = recipes['seed']!;

describe.each(Object.entries(recipes))('the recipe %s', (name, recipe) => {
  it('is complete, under its own name, and comes back from JSON', () => {
    expect(recipe.name).toBe(name);
    const complete = recipeFrom(recipe);
    expect(recipeFrom(JSON.parse(JSON.stringify(complete)))).toEqual(complete);
  });

  it('holds images out, unless it is the notebook', () => {
    expect(recipe.validation === 'test').toBe(name === 'seed');
  });
});

describe('the recipe seed', () => {
  const recipe = recipeFrom(seed);

  it('is the notebook', () => {
    const network = Network.fromConfig(recipe.network);
    expect(network.countParams()).toEqual({ total: 601_578, trainable: 598_250, nonTrainable: 3328 });
    expect(network.layers.map(({ layer }) => layer.type)).toEqual([
      ...['conv2d', 'batchNormalization', 'conv2d', 'maxPooling2d', 'batchNormalization'],
      ...['conv2d', 'batchNormalization', 'conv2d', 'maxPooling2d', 'flatten', 'batchNormalization'],
      ...['dense', 'batchNormalization', 'dropout', 'dense'],
    ]);
    expect(recipe.optimizer).toEqual({
      type: 'adam',
      learningRate: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
      useEma: false,
      emaMomentum: 0.99,
    });
    expect(recipe.loss).toMatchObject({ type: 'categoricalCrossentropy', labelSmoothing: 0 });
    expect(recipe.metrics).toEqual([{ type: 'accuracy' }]);
    expect(recipe.validation).toBe('test');
    expect(recipe.phases).toMatchObject([
      { epochs: 3, batchSize: 128 },
      {
        epochs: 5,
        batchSize: 64,
        dropLast: true,
        augmentation: {
          rotationRange: 7,
          widthShiftRange: 0.05,
          shearRange: 0.2,
          heightShiftRange: 0.07,
          zoomRange: 0.05,
          fillMode: 'nearest',
          horizontalFlip: false,
        },
      },
    ]);
    expect(recipe.phases[0]).not.toHaveProperty('augmentation');
  });

  it('has 937 full batches of 64 in an augmented epoch, and 469 batches of 128 in a plain one', () => {
    const [plain, augmented] = recipe.phases;
    expect(imagesPerEpoch(plain!, 60_000) / 128).toBeCloseTo(468.75, 10);
    expect(imagesPerEpoch(augmented!, 60_000) / 64).toBe(937);
    // Fewer images than a batch are one small batch.
    expect(imagesPerEpoch(augmented!, 50)).toBe(50);
  });

  it('says that validation on the test images inflates a choice', () => {
    expect(recipe.description).toContain('choosing an epoch by it would inflate');
  });
});

describe('recipeFrom', () => {
  it('gives again what it gave, through JSON', () => {
    const recipe = recipeFrom(seed);
    expect(recipeFrom(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
  });

  it('says all of a cycle and of averaging', () => {
    const learningRate = { type: 'oneCycle', maxLearningRate: 0.01, pctStart: 0.2, divFactor: 10, finalDivFactor: 100 };
    const optimizer = { type: 'adam', learningRate, useEma: true, emaMomentum: 0.9 };
    const recipe = recipeFrom({ ...seed, optimizer, statisticsImages: 500 });
    expect(recipe).toMatchObject({ optimizer, statisticsImages: 500 });
    expect(recipeFrom(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
  });

  it('takes accuracy where no metrics are given', () => {
    const { metrics: _, ...rest } = seed;
    expect(recipeFrom(rest).metrics).toEqual([{ type: 'accuracy' }]);
  });

  it('writes calibration out as a configuration', () => {
    const recipe = recipeFrom({ ...seed, validation: { split: 0.1 }, calibration: 'temperature' });
    expect(recipe.calibration).toEqual({ type: 'temperature' });
    expect(recipeFrom(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
    expect(recipeFrom(seed)).not.toHaveProperty('calibration');
  });

  const phase = { epochs: 1, batchSize: 32 };
  const layers = seed.network['layers'] as readonly object[];
  const endless = { ...seed.network, layers: [...layers, { type: 'activation', activation: 'softmax' }] };
  const cases: readonly [what: string, change: object, ...says: string[]][] = [
    ['an unknown key', { optimiser: 'adam' }, 'The recipe r: there is no option "optimiser".', '"optimizer"'],
    ['no name', { name: '' }, 'The recipe r: the option "name" must be a text that is not empty, but is "".'],
    ['no network', { network: undefined }, 'The recipe r: the option "network" is missing.'],
    ['a wrong layer', { network: { ...seed.network, layers: [{ type: 'dens' }] } }, 'The recipe r: ', '"dense"'],
    ['an unknown optimizer', { optimizer: 'adem' }, 'The recipe r: the option "optimizer" must be', '"adam"'],
    ['a wrong learning rate', { optimizer: { type: 'sgd', learningRate: -1 } }, 'learningRate', '>= 0'],
    ['an unknown loss', { loss: 'hinge' }, 'The recipe r: the option "loss" must be one of'],
    ['an unknown metric', { metrics: ['auc'] }, 'The recipe r: the option "metrics" must be a list of metrics'],
    ['no phases', { phases: [] }, 'The recipe r: the option "phases" must be a list of phases', 'at least one'],
    ['a phase that is none', { phases: [3] }, 'The recipe r: the option "phases" must be a list of phases'],
    ['no epochs', { phases: [{ batchSize: 32 }] }, 'The recipe r, phase 1: the option "epochs" is missing.'],
    [
      'too many epochs',
      { phases: [phase, { ...phase, epochs: 10_001 }] },
      'The recipe r, phase 2: the option "epochs" must be a whole number from 1 to 10000, but is 10001.',
    ],
    [
      'a batch size of 0',
      { phases: [{ ...phase, batchSize: 0 }] },
      'The recipe r, phase 1: the option "batchSize" must be a whole number from 1 to 65536, but is 0.',
    ],
    [
      'a misspelt range',
      { phases: [{ ...phase, augmentation: { rotationrang: 7 } }] },
      'The recipe r, phase 1: ',
      'no option "rotationrang"',
      '"rotationRange"',
    ],
    [
      'a distortion without strength',
      { phases: [{ ...phase, augmentation: { elastic: { sigma: 4 } } }] },
      'The recipe r, phase 1: imageDataGenerator, elastic: the option "alpha" is missing.',
    ],
    [
      'a share of more than all to erase',
      { phases: [{ ...phase, augmentation: { erasing: { area: [0.5, 2] } } }] },
      'phase 1: imageDataGenerator, erasing: the option "area" must be two shares of the image',
    ],
    [
      'strokes of no believable width',
      { phases: [{ ...phase, augmentation: { strokes: { thicker: 9 } } }] },
      'phase 1: imageDataGenerator, strokes: the option "thicker" must be a number >= 0 and <= 4, but is 9.',
    ],
    [
      'noise of another name',
      { phases: [{ ...phase, augmentation: { noise: { deviations: [0, 0.1] } } }] },
      'phase 1: imageDataGenerator, noise: there is no option "deviations".',
      'Did you mean "deviation"?',
    ],
    [
      'validation on nothing',
      { validation: 'tests' },
      'The recipe r: the option "validation" must be "test", or { "split": a share between 0 and 1 }, but is "tests".',
    ],
    [
      'a calibration that nobody knows',
      { calibration: 'temprature' },
      'The recipe r: the option "calibration" must be "temperature", but is "temprature".',
      'Did you mean "temperature"?',
    ],
    [
      'calibration without images that are held out',
      { calibration: 'temperature' },
      'The recipe r: the option "calibration" needs images that are held out',
      '"split": 0.1',
    ],
    [
      'calibration of a network that ends in something else',
      { calibration: { type: 'temperature' }, validation: { split: 0.1 }, network: endless },
      'The recipe r: Calibration divides the weights of a dense layer with softmax by a number',
    ],
    [
      'statistics for averages that nobody keeps',
      { statisticsImages: 500 },
      'The recipe r: the option "statisticsImages" is for averaged weights, and the optimizer adam keeps none.',
      'Give the optimizer "useEma": true, or leave statisticsImages out.',
    ],
    [
      'statistics from no images',
      { optimizer: { type: 'adam', useEma: true }, statisticsImages: 0 },
      'The recipe r: the option "statisticsImages" must be a whole number >= 1, but is 0.',
    ],
    [
      'a momentum that keeps the average as it is',
      { optimizer: { type: 'adam', useEma: true, emaMomentum: 1 } },
      'Optimizer adam: the option "emaMomentum" must be a number >= 0 and < 1, but is 1.',
    ],
    [
      'a cycle of no known annealing',
      { optimizer: { type: 'adam', learningRate: { type: 'oneCycle', maxLearningRate: 1, annealing: 'cos' } } },
      'Schedule oneCycle: the option "annealing" must be one of "cosine", "linear", but is "cos".',
    ],
    ['a split of 1', { validation: { split: 1 } }, '"split" must be a number > 0 and < 1, but is 1.'],
  ];
  it('has augmentation beyond Keras’s written out where it is asked for, and comes back from JSON', () => {
    const augmentation = {
      rotationRange: 10,
      elastic: { alpha: 34 },
      strokes: { thicker: 1.5 },
      blur: { sigma: [0, 0.7] },
      contrast: { gain: [0.6, 1.2] },
      noise: { deviation: [0, 0.1], probability: 0.5 },
      erasing: { probability: 1 },
    };
    const read = recipeFrom({ ...seed, phases: [{ ...phase, augmentation }] });
    expect(read.phases[0]!.augmentation).toMatchObject({
      rotationRange: 10,
      elastic: { alpha: 34, sigma: 4 },
      strokes: { thinner: 0, thicker: 1.5, probability: 1 },
      blur: { sigma: [0, 0.7], probability: 1 },
      contrast: { gain: [0.6, 1.2], offset: [0, 0], probability: 1 },
      noise: { deviation: [0, 0.1], probability: 0.5 },
      erasing: { probability: 1, area: [0.02, 0.33], aspectRatio: [0.3, 3.3], value: 0 },
    });
    expect(recipeFrom(JSON.parse(JSON.stringify(read)))).toEqual(read);
  });

  it.each(cases)('refuses %s', (_, change, ...says) => {
    const read = () => recipeFrom({ ...seed, ...change }, 'The recipe r');
    for (const text of says) expect(read).toThrow(text);
  });

  it.each([undefined, null, 'seed', []])('refuses %j, which is no recipe', (given) => {
    expect(() => recipeFrom(given)).toThrow('The recipe: the options must be an object');
  });
});

describe('changeRecipe', () => {
  const epochs = (recipe: Recipe) => recipe.phases.map((phase) => phase.epochs);

  it.each([
    [1, [1]],
    [3, [3]],
    [4, [3, 1]],
    [8, [3, 5]],
    [20, [3, 17]],
  ])('makes %i epochs of 3 and 5', (total, expected) => {
    const changed = changeRecipe(seed, { epochs: total });
    expect(epochs(changed)).toEqual(expected);
    expect(epochsOf(changed)).toBe(total);
  });

  it('changes every batch size, and nothing else', () => {
    const changed = changeRecipe(seed, { batchSize: 32 });
    expect(changed.phases.map(({ batchSize }) => batchSize)).toEqual([32, 32]);
    expect({ ...changed, phases: [] }).toEqual({ ...seed, phases: [] });
  });

  it('keeps the other settings of the optimizer', () => {
    const optimizer = { type: 'sgd', momentum: 0.9 };
    expect(changeRecipe({ ...seed, optimizer }, { learningRate: 0.1 }).optimizer).toMatchObject({
      type: 'sgd',
      momentum: 0.9,
      learningRate: 0.1,
    });
  });

  it('changes nothing where nothing is asked for', () => {
    expect(changeRecipe(seed, {})).toEqual(seed);
  });
});
