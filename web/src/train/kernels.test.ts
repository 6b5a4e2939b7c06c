import { describe, expect, it } from 'vitest';
import { kernels, plane } from '../../../src/inspect/index.js';
import { conv2d, dense, flatten, sequential } from '../../../src/nn/index.js';
import { referenceBackend } from '../../../src/engine/reference/backend.js';
import { Model } from '../../../src/train/model.js';
import { firstKernels } from './kernels.js';

describe('the kernels in training', () => {
  it.each([3, [5, 3]] as const)('are those that a report shows (%o)', (kernelSize) => {
    const network = sequential([
      conv2d({ filters: 4, kernelSize, inputShape: [12, 12, 2] }),
      flatten(),
      dense({ units: 10, activation: 'softmax' }),
    ]);
    const model = new Model(network, referenceBackend, { seed: 3 });
    const reported = kernels(model);
    const shown = firstKernels(network.toConfig(), model.getWeights())!;
    expect(shown.pictures).toHaveLength(reported.count);
    shown.pictures.forEach((picture, i) => expect(picture).toEqual(plane(reported, i)));
    expect(shown).toMatchObject({ layer: reported.layer, width: reported.width, largest: reported.scale });
  });

  it('are none where the network has no convolution', () => {
    const network = sequential([flatten({ inputShape: [12, 12, 1] }), dense({ units: 10 })]);
    const model = new Model(network, referenceBackend, { seed: 3 });
    expect(firstKernels(network.toConfig(), model.getWeights())).toBeUndefined();
  });
});
