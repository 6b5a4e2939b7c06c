import type { Tensor } from '../numeric/tensor.js';
import type { Targets } from './examples.js';
import { Fit, type FitOptions } from './fit.js';
import type { History } from './history.js';
import { ModelBase } from './modelBase.js';

export type { ModelOptions } from './modelOptions.js';

/**
 * A network with weights, on a backend: Keras's Model. Methods that compute are asynchronous, and one is called after
 * the other has ended. `dispose()` (or `await using`) frees its memory and threads.
 */
export class Model extends ModelBase {
  /**
   * Trains. See `FitOptions` for batches, epochs, validation, augmentation and callbacks. With an optimizer that has
   * `useEma`, validation and the model in the end have the averaged weights, with statistics of batch normalization
   * computed for them; another call goes on from the weights as they were trained. A learning rate schedule without a
   * length of its own spans this call.
   * @throws CifraError `non-finite` with the step and the layer if a loss is not a finite number
   */
  fit(x: Tensor, y: Targets, options: FitOptions = {}): Promise<History> {
    return new Fit(this, x, y, options).run();
  }
}
